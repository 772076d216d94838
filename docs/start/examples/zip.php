<?php
// Zips a folder of a bucket: into the bucket, then as a download to photos.zip.
declare(strict_types=1);

// Posts JSON; the answer.
function call(string $path, array $fields, ?string $token = null): array
{
    $headers = ['Content-Type: application/json'];
    if ($token !== null) {
        $headers[] = "Authorization: Bearer $token";
    }
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => $headers,
        'content' => json_encode($fields, JSON_THROW_ON_ERROR),
        'ignore_errors' => true, // an error has a message in its body
    ]]);
    $body = file_get_contents(getenv('URL') . $path, false, $context);
    if ($body === false) {
        throw new RuntimeException("$path: no answer");
    }
    $answer = json_decode($body, true, 512, JSON_THROW_ON_ERROR);
    $status = explode(' ', $http_response_header[0])[1];
    if ($status !== '200') {
        throw new RuntimeException("$path: $status {$answer['message']}");
    }
    return $answer;
}

// Waits for a task; its link.
function result(array $task, string $token): string
{
    $answer = call('/v2/zipresult', $task, $token);
    if ($answer['message'] !== 'SUCCESS') {
        throw new RuntimeException($answer['error']);
    }
    return $answer['results'][0];
}

$keys = ['userKey' => getenv('USER_KEY'), 'userSecret' => getenv('USER_SECRET')];
$token = call('/gentoken', $keys)['token'];
$what = [
    'awsKey' => getenv('AWS_ACCESS_KEY_ID'),
    'awsSecret' => getenv('AWS_SECRET_ACCESS_KEY'),
    'awsBucket' => getenv('BUCKET'),
    'filePaths' => [getenv('FOLDER')],
];

// Into the bucket: a job.
$job = call('/v2/zipstart', [...$what, 'zipTo' => 'zips/photos.zip'], $token);
for (;;) {
    $task = call('/v2/zipstate', $job, $token);
    ['FilesDone' => $done, 'FilesTotal' => $total] = $task['Progress'];
    echo "{$task['State']}: $done of $total files\n";
    if (in_array($task['State'], ['SUCCESS', 'FAILURE'], true)) {
        break;
    }
    sleep(1);
}
echo 'zip in the bucket: ', result($job, $token), "\n";

// To this machine: a link that makes the zip while it is read.
$link = result(call('/v2/streamzip', $what, $token), $token);
if (!copy($link, 'photos.zip')) {
    throw new RuntimeException('the download failed');
}
echo "downloaded photos.zip\n";
