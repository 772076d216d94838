<?php
// Zips a folder. Secrets come from the environment; without AWS keys, those that the account keeps.
const URL = 'http://127.0.0.1:8080';
const USER_KEY = 'YOUR_USER_KEY';

function call(string $path, array $fields, string ...$headers): array
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => ['Content-Type: application/json', ...$headers],
        'content' => json_encode($fields),
    ]]);
    return json_decode(file_get_contents(URL . $path, false, $context), true);
}

$keys = ['userKey' => USER_KEY, 'userSecret' => getenv('S3ZIPPER_USER_SECRET')];
$bearer = 'Authorization: Bearer ' . call('/gentoken', $keys)['token'];
$job = call('/v2/zipstart', [
    'awsKey' => getenv('AWS_ACCESS_KEY_ID') ?: '-',
    'awsSecret' => getenv('AWS_SECRET_ACCESS_KEY') ?: '-',
    'awsBucket' => 'photos', 'filePaths' => ['2026/'], 'zipTo' => 'zips/2026.zip',
], $bearer);
do {
    sleep(1);
    $task = call('/v2/zipstate', $job, $bearer);
} while (!in_array($task['State'], ['SUCCESS', 'FAILURE']));
echo json_encode($task['Results'] ?? $task['Error']), "\n";
