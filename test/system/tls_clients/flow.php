<?php
// The calls as PHP programs make them: curl, forms whose lists are filePaths[0], replies posted back.
// Prints the link. Arguments: the server's URL, userKey, userSecret, then fields as a JSON object.
declare(strict_types=1);

function post(string $url, array $headers, string|array $body): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CAINFO => getenv('CA_FILE'),
        CURLOPT_SSL_VERIFYPEER => true,
        CURLOPT_SSL_VERIFYHOST => 2,
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException(curl_error($curl));
    }
    return json_decode($answer, true, 512, JSON_THROW_ON_ERROR);
}

[, $url, $user_key, $user_secret, $fields] = $argv;
// An array is sent as multipart/form-data.
$token = post("$url/tokenv2", [], ['userKey' => $user_key, 'userSecret' => $user_secret])['token'];
$bearer = ["Authorization: Bearer $token"];
$form = http_build_query(json_decode($fields, true));
$started = post("$url/v2/streamzip", $bearer, $form);
$reply = json_encode($started);
$json = [...$bearer, 'Content-Type: application/json'];
if (post("$url/v2/zipstate", $json, $reply)['State'] !== 'SUCCESS') {
    throw new RuntimeException('a stream is ready at once');
}
$result = post("$url/v2/zipresult", $json, $reply);
echo $result['results'][0];
