/**
 * @file As much of S3 as the store uses, in memory: GET with ranges, PUT with If-None-Match, DELETE, LIST in pages. Signatures are checked by
 * the rules of AWS Signature Version 4, written apart from those of the client.
 */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

export const keys = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
}
const region = 'eu-test-1'

export class S3Server {
  readonly objects = new Map<string, Buffer>()
  /** Statuses that the next requests get, in turn, instead of an answer; 0 cuts the connection, -1 within the answer to a GET. */
  readonly faults: number[] = []
  /** Requests that came. */
  requests = 0
  readonly refused: string[] = []
  readonly #pageLength: number
  readonly #server = createServer((request, answer) => void this.#handle(request, answer))

  /** @param pageLength  objects of a page of a list */
  constructor(pageLength = 3) {
    this.#pageLength = pageLength
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get options() {
    const { port } = this.#server.address() as { port: number }
    return { ...keys, region, endpoint: `http://127.0.0.1:${port}` }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await buffer(request)
    this.requests++
    const fault = this.faults.shift()
    if (fault === 0) return void request.socket.destroy()
    if (fault === -1) {
      answer.writeHead(200, { 'content-length': 1000 }).write('<', () => request.socket.destroy())
      return
    }
    if (fault !== undefined) return failed(answer, fault, 'SlowDown')
    if (!isSigned(request)) {
      this.refused.push(request.url!)
      return failed(answer, 403, 'SignatureDoesNotMatch')
    }
    const url = new URL(request.url!, 'http://x')
    const [, bucket, ...names] = url.pathname.split('/')
    if (bucket !== 'bucket') return failed(answer, 404, 'NoSuchBucket')
    const key = names.map(decodeURIComponent).join('/')
    if (key === '') return this.#list(url, answer)
    if (request.method === 'GET') return this.#get(key, request.headers.range, answer)
    if (request.method === 'PUT') {
      if (request.headers['if-none-match'] === '*' && this.objects.has(key))
        return failed(answer, 412, 'PreconditionFailed')
      this.objects.set(key, body)
    } else this.objects.delete(key)
    answer.writeHead(request.method === 'PUT' ? 200 : 204).end()
  }

  #get(key: string, range: string | undefined, answer: ServerResponse): void {
    const object = this.objects.get(key)
    if (object === undefined || range === undefined) {
      if (object === undefined) failed(answer, 404, 'NoSuchKey')
      else answer.writeHead(200).end(object)
      return
    }
    const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range)!
    const start = first === '' ? Math.max(0, object.length - Number(last)) : Number(first)
    if (start >= object.length) {
      failed(answer, 416, 'InvalidRange')
      return
    }
    const end = first === '' || last === '' ? object.length : Math.min(object.length, Number(last) + 1)
    answer.writeHead(206, { 'content-range': `bytes ${start}-${end - 1}/${object.length}` })
    answer.end(object.subarray(start, end))
  }

  #list({ searchParams }: URL, answer: ServerResponse): void {
    const after = searchParams.get('continuation-token') ?? ''
    const prefix = searchParams.get('prefix') ?? ''
    const found = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = found.slice(0, this.#pageLength)
    const rows = page.map((key) => {
      const object = this.objects.get(key)!
      const tag = createHash('md5').update(object).digest('hex')
      return `<Contents><Key>${escaped(key)}</Key><ETag>&quot;${tag}&quot;</ETag><Size>${object.length}</Size></Contents>`
    })
    const next =
      found.length > this.#pageLength
        ? `<NextContinuationToken>${escaped(page.at(-1)!)}</NextContinuationToken>`
        : ''
    answer
      .writeHead(200)
      .end(`<?xml version="1.0"?><ListBucketResult>${rows.join('')}${next}</ListBucketResult>`)
  }
}

function failed(answer: ServerResponse, status: number, code: string): void {
  answer.writeHead(status).end(`<Error><Code>${code}</Code><Message>no &amp; again</Message></Error>`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSigned(request: IncomingMessage): boolean {
  const { authorization = '', ...headers } = request.headers
  const [, credential, signed, signature] =
    /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\S+)$/.exec(authorization) ?? []
  if (credential === undefined) return false
  const [id, date, place, service] = credential.split('/')
  const [path, query = ''] = request.url!.split('?')
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...signed!.split(';').map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${date}/${place}/${service}/aws4_request`
  const hash = createHash('sha256').update(canonical).digest('hex')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash].join('\n')
  const key = [date!, place!, service!, 'aws4_request'].reduce<string | Buffer>(
    hmac,
    `AWS4${keys.secretAccessKey}`,
  )
  return id === keys.accessKeyId && hmac(key, text).toString('hex') === signature
}

/** In order, each byte but letters, digits and -._~ as %XX. */
function canonicalQuery(query: string): string {
  const encode = (text: string): string =>
    Array.from(Buffer.from(text), (byte) => {
      const character = String.fromCharCode(byte)
      return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    }).join('')
  return Array.from(new URLSearchParams(query), (pair) => pair.map(encode).join('='))
    .sort()
    .join('&')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
