<?php
// Prints a link to a zip of a folder, good for an hour, without asking the server for it
// (docs/guides/signed-links.md).
declare(strict_types=1);

// A link to the zip $name of what is below $prefix.
function sign_link(string $bucket, string $prefix, string $name, int $seconds): string
{
    $user_key = getenv('USER_KEY');
    $exp = time() + $seconds;
    $text = implode("\n", ['s3zipper-link-1', $user_key, $bucket, "prefix=$prefix", $name, $exp]);
    $sig = hash_hmac('sha256', $text, getenv('USER_SECRET'));
    $path = implode('/', array_map('rawurlencode', [$user_key, $bucket, $name]));
    $query = http_build_query(['prefix' => $prefix, 'exp' => $exp, 'sig' => $sig]);
    return getenv('URL') . "/z/$path?$query";
}

echo sign_link(getenv('BUCKET'), getenv('FOLDER'), 'my photos.zip', 3600), "\n";
