// client-zip: takes Node's own fetch, as its documentation shows; it asks for an object when it has
// written the one before.
import { downloadZip } from 'client-zip'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { serve } from './serve.mjs'

async function * inputs({ store, prefix, keys }) {
  for (const name of keys) yield { name, input: await fetch(store + prefix + name) }
}

serve(async (wanted, response) => {
  await pipeline(Readable.fromWeb(downloadZip(inputs(wanted)).body), response)
})
