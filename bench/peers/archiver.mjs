// archiver: objects are fetched in turn, each when the one before is in the archive.
import { ZipArchive } from 'archiver'
import { once } from 'node:events'

import { fetchObject, serve } from './serve.mjs'

serve(async ({ store, prefix, keys }, response) => {
  const archive = new ZipArchive({ store: true })
  archive.pipe(response)
  for (const key of keys) {
    const written = once(archive, 'entry')
    archive.append(await fetchObject(store + prefix + key), { name: key })
    await written
  }
  await archive.finalize()
})
