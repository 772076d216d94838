#!/bin/sh
# Zips a folder, with curl and jq. Secrets come from the environment; without AWS keys, those that the account keeps.
URL=http://127.0.0.1:8080
USER_KEY=YOUR_USER_KEY

TOKEN=$(curl -sS "$URL/gentoken" -d userKey="$USER_KEY" --data-urlencode userSecret="$S3ZIPPER_USER_SECRET" |
  jq -r .token)
JOB=$(curl -sS "$URL/v2/zipstart" -H "Authorization: Bearer $TOKEN" \
  -d awsKey="${AWS_ACCESS_KEY_ID:--}" --data-urlencode awsSecret="${AWS_SECRET_ACCESS_KEY:--}" \
  -d awsBucket=photos -d filePaths=2026/ -d zipTo=zips/2026.zip)
curl -sS "$URL/v2/zipstate" -H "Authorization: Bearer $TOKEN" --json "$JOB"
