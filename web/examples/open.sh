#!/bin/sh
# Zips a folder, with curl. This server asks for no token, and uses its own AWS credentials.
URL=http://127.0.0.1:8080

JOB=$(curl -sS "$URL/v2/zipstart" -d awsBucket=photos -d filePaths=2026/ -d zipTo=zips/2026.zip)
curl -sS "$URL/v2/zipstate" --json "$JOB"
