// What the drivers of Node programs share: node DRIVER HOST:PORT STORE_URL LIST. A GET of PREFIX is
// answered with a zip, written by the program, of the list's objects at STORE_URL + PREFIX + KEY.
import { readFileSync } from 'node:fs'
import http from 'node:http'

const [address, store, list] = process.argv.slice(2)
const [host, port] = address.split(':')
const keys = readFileSync(list, 'utf8').trim().split('\n').map((line) => line.split(' ')[0])
const agent = new http.Agent({ keepAlive: true })

// An object's bytes, as a stream; of the one store, over a connection that is kept.
export function fetchObject(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent }, (reply) => {
      if (reply.statusCode === 200) resolve(reply)
      else reject(new Error(`${url}: ${reply.statusCode}`))
    }).on('error', reject)
  })
}

// `zip`: writes the archive to the response it is given; { store, prefix, keys } says of what.
export function serve(zip) {
  http.createServer((request, response) => {
    // Without a length known beforehand, the body ends with the connection.
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    response.writeHead(200, { 'Content-Type': 'application/zip' })
    zip({ store, prefix: request.url, keys }, response).catch((error) => {
      console.error(error)
      response.destroy()
    })
  }).listen(Number(port), host)
}
