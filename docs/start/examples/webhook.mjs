// A receiver of webhooks: checks that they are from our server, and prints what they tell.
//
//     PORT=8000 WEBHOOK_SECRET=… node webhook.mjs
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const secret = process.env.WEBHOOK_SECRET; // of GET /api/account/webhook-secret
const oldestSeconds = 300;

function isGenuine(headers, body) {
  const timestamp = headers["s3zipper-timestamp"] ?? "";
  const given = Buffer.from(headers["s3zipper-signature"] ?? "");
  const old = Math.abs(Date.now() / 1000 - Number(timestamp)) > oldestSeconds;
  if (!/^\d+$/.test(timestamp) || old) return false;
  const digest = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const signed = Buffer.from(`v1=${digest}`);
  return given.length === signed.length && timingSafeEqual(given, signed);
}

createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const genuine = isGenuine(request.headers, body);
  if (genuine) {
    const told = JSON.parse(body);
    console.log(told.event, (told.zip ?? told.stream).id);
  }
  response.writeHead(genuine ? 204 : 401).end();
}).listen(Number(process.env.PORT), "127.0.0.1");
