/**
 * @file A bucket of S3, or of what speaks its protocol, as a store. Objects of S3 appear whole by themselves.
 */
import { AwsClient } from 'aws4fetch'
import { PoolError } from '../../errors.ts'
import { assertKey, joinKey, type Store, type StoredObject, storeFailure } from './store.ts'

/** Options of `s3Store`; what is left out comes from the environment variables that all tools of AWS read. */
export interface S3StoreOptions {
  /** AWS_ACCESS_KEY_ID. */
  readonly accessKeyId?: string | undefined
  /** AWS_SECRET_ACCESS_KEY. */
  readonly secretAccessKey?: string | undefined
  /** AWS_SESSION_TOKEN. */
  readonly sessionToken?: string | undefined
  /** AWS_REGION; us-east-1 unless given. */
  readonly region?: string | undefined
  /** AWS_ENDPOINT_URL: another service than AWS, as http://127.0.0.1:9000. */
  readonly endpoint?: string | undefined
}

/** Five tries, about three seconds: `AwsClient` tries again what the service cannot do at the moment. */
const retries = 5

/**
 * A bucket, or the part of it below a prefix.
 *
 * @param location  s3://BUCKET or s3://BUCKET/PREFIX
 * @throws PoolError "BAD_PARAM" for another location and without keys, "BAD_PATH" where the service refuses, with its status and code
 */
export function s3Store(location: string, options: S3StoreOptions = {}): Store {
  const { client, root, prefix } = open(location, options)
  const { send, assertDone, bytesOf } = requestsTo(location)
  const urlOf = (key: string): string => `${root}/${encode(joinKey(prefix, assertKey(key)))}`
  const read = async (key: string, range?: string): Promise<Response | undefined> => {
    const url = urlOf(key)
    const answer = await send(key, 'read', () =>
      client.fetch(url, range === undefined ? {} : { headers: { range } }),
    )
    if (answer.status === 404) return undefined
    if (range === undefined || answer.status !== 416) await assertDone(answer, key, 'read')
    return answer
  }
  return {
    location,
    get: async (key) => {
      const answer = await read(key)
      return answer && (await bytesOf(answer, key))
    },
    getRange: async (key, offset, length) => {
      const end = offset < 0 ? '' : offset + Math.max(1, length) - 1
      const answer = await read(key, offset < 0 ? `bytes=${offset}` : `bytes=${offset}-${end}`)
      if (answer === undefined) return undefined
      // Beyond the end of the object.
      if (answer.status === 416) return new Uint8Array(0)
      const bytes = await bytesOf(answer, key)
      if (answer.status === 206) return bytes.subarray(0, length)
      const start = offset < 0 ? Math.max(0, bytes.length + offset) : offset
      return bytes.slice(start, start + length)
    },
    set: async (key, bytes, { ifAbsent = false } = {}) => {
      const url = urlOf(key)
      const headers: Record<string, string> = ifAbsent ? { 'if-none-match': '*' } : {}
      const body = bytes as Uint8Array<ArrayBuffer>
      const answer = await send(key, 'written', () => client.fetch(url, { method: 'PUT', body, headers }))
      if (ifAbsent && answer.status === 412) return false
      await assertDone(answer, key, 'written')
      return true
    },
    delete: async (key) => {
      const url = urlOf(key)
      const answer = await send(key, 'deleted', () => client.fetch(url, { method: 'DELETE' }))
      if (answer.status !== 404) await assertDone(answer, key, 'deleted')
    },
    list: async function* (start) {
      const below = prefix === '' ? '' : `${prefix}/`
      for (let token: string | undefined, more = true; more; ) {
        const url = listingUrl(root, `${below}${start}`, token)
        const answer = await send(start, 'listed', () => client.fetch(url))
        await assertDone(answer, start, 'listed')
        const page = new TextDecoder().decode(await bytesOf(answer, start))
        for (const object of objectsOf(page)) yield { ...object, key: object.key.slice(below.length) }
        token = textOf(page, 'NextContinuationToken')
        more = token !== undefined
      }
    },
  }
}

type Act = Parameters<typeof storeFailure>[2]

/** Requests whose failures name the object. */
function requestsTo(location: string) {
  const send = async (key: string, act: Act, request: () => Promise<Response>): Promise<Response> => {
    try {
      return await request()
    } catch (cause) {
      const { cause: reason } = cause as { cause?: Error }
      throw storeFailure(location, key, act, reason ?? cause)
    }
  }
  const assertDone = async (answer: Response, key: string, act: Act): Promise<void> => {
    if (answer.ok) return
    throw storeFailure(location, key, act, failureOf(answer.status, await answer.text().catch(() => '')))
  }
  const bytesOf = async (answer: Response, key: string): Promise<Uint8Array> => {
    try {
      return new Uint8Array(await answer.arrayBuffer())
    } catch (cause) {
      throw storeFailure(location, key, 'read', cause)
    }
  }
  return { send, assertDone, bytesOf }
}

function open(location: string, options: S3StoreOptions) {
  const [, bucket, path = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(location) ?? []
  const refuse = (rule: string, repair: string) =>
    new PoolError('BAD_PARAM', `s3Store: ${location}; ${rule}. ${repair}`, {
      op: 's3Store',
      argument: 'location',
    })
  if (bucket === undefined) throw refuse('must be s3://BUCKET or s3://BUCKET/PREFIX', 'Give such a place.')
  const env = process.env
  const accessKeyId = options.accessKeyId ?? env.AWS_ACCESS_KEY_ID
  const secretAccessKey = options.secretAccessKey ?? env.AWS_SECRET_ACCESS_KEY
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw refuse('needs keys', 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.')
  const sessionToken = options.sessionToken ?? env.AWS_SESSION_TOKEN
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
  const region = options.region ?? env.AWS_REGION ?? 'us-east-1'
  const endpoint = (options.endpoint ?? env.AWS_ENDPOINT_URL)?.replace(/\/$/, '')
  const prefix = path.replace(/\/$/, '')
  if (prefix !== '') assertKey(prefix)
  return {
    client: new AwsClient({ ...keys, region, service: 's3', retries }),
    root: endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`,
    prefix,
  }
}

function listingUrl(root: string, prefix: string, token: string | undefined): string {
  const url = new URL(root)
  url.searchParams.set('list-type', '2')
  url.searchParams.set('prefix', prefix)
  if (token !== undefined) url.searchParams.set('continuation-token', token)
  return url.href
}

/** All but the characters that signatures leave as they are. */
function encode(key: string): string {
  const escaped = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  return key
    .split('/')
    .map((name) => encodeURIComponent(name).replace(/[!'()*]/g, escaped))
    .join('/')
}

/** As an error of the system: the code that the service gives, or the status. */
function failureOf(status: number, text: string): Error & { code: string } {
  const code = textOf(text, 'Code') ?? String(status)
  return Object.assign(new Error(`${status} ${textOf(text, 'Message') ?? code}`), { code })
}

function* objectsOf(page: string): Generator<StoredObject> {
  for (const [, object] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = textOf(object!, 'Key')
    if (key !== undefined)
      yield { key, size: Number(textOf(object!, 'Size')), stamp: textOf(object!, 'ETag') ?? '' }
  }
}

function textOf(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml) ?? []
  return text?.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex !== undefined || decimal !== undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : (entities[name as string] ?? all),
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
