// s3-zip: fetches some objects at a time with the AWS SDK, each whole into memory.
import { S3Client } from '@aws-sdk/client-s3'
import { pipeline } from 'node:stream/promises'
import s3Zip from 's3-zip'

import { serve } from './serve.mjs'

let client = null

serve(async ({ store, prefix, keys }, response) => {
  client ??= new S3Client({
    endpoint: store,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
  })
  const [, bucket, ...folder] = prefix.split('/')
  const zip = s3Zip.setArchiverOptions({ store: true })
    .archive({ s3: client, bucket, preserveFolderStructure: true }, folder.join('/'), [...keys])
  await pipeline(zip, response)
})
