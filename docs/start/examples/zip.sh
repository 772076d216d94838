#!/bin/sh
# Zips a folder of a bucket, with curl and jq: into the bucket, then as a download to photos.zip.
set -eu

# call PATH [OPTION...]: posts the JSON on standard input; the answer.
call() {
  path=$1
  shift
  body=$(curl -sS --fail-with-body --json @- "$@" "$URL$path") || {
    printf '%s: %s\n' "$path" "$body" >&2
    return 1
  }
  printf '%s\n' "$body"
}

# result: waits for the task whose start reply is on standard input; its link.
result() {
  answer=$(call /v2/zipresult -H "Authorization: Bearer $token")
  printf '%s' "$answer" | jq -er '.results[0]' || { printf '%s\n' "$answer" >&2; return 1; }
}

answer=$(jq -n '{userKey: env.USER_KEY, userSecret: env.USER_SECRET}' | call /gentoken)
token=$(printf '%s' "$answer" | jq -r .token)
what=$(jq -n '{awsKey: env.AWS_ACCESS_KEY_ID, awsSecret: env.AWS_SECRET_ACCESS_KEY,
               awsBucket: env.BUCKET, filePaths: [env.FOLDER]}')

# Into the bucket: a job.
job=$(printf '%s' "$what" | jq '. + {zipTo: "zips/photos.zip"}' |
  call /v2/zipstart -H "Authorization: Bearer $token")
while :; do
  task=$(printf '%s' "$job" | call /v2/zipstate -H "Authorization: Bearer $token")
  printf '%s' "$task" | jq -r '"\(.State): \(.Progress.FilesDone) of \(.Progress.FilesTotal) files"'
  case $(printf '%s' "$task" | jq -r .State) in SUCCESS | FAILURE) break ;; esac
  sleep 1
done
link=$(printf '%s' "$job" | result)
echo "zip in the bucket: $link"

# To this machine: a link that makes the zip while it is read.
stream=$(printf '%s' "$what" | call /v2/streamzip -H "Authorization: Bearer $token")
link=$(printf '%s' "$stream" | result)
curl -sS --fail -o photos.zip "$link"
echo "downloaded photos.zip"
