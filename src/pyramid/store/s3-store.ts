/**
 * @file A bucket of S3, or of what speaks its protocol, as a store. Objects of S3 appear whole by themselves.
 */
import { PoolError } from '../../errors.ts'
import { requestsTo, type S3Answer } from './s3-requests.ts'
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
  /** Ends the waiting for a service or a network that cannot answer: nothing is tried again after it. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A bucket, or the part of it below a prefix. What the service or the network cannot do at the moment is tried again, six times over three
 * seconds. A write with `ifAbsent` is not, unless the service says that it was not done: it would find the object of its first attempt.
 *
 * @param location  s3://BUCKET or s3://BUCKET/PREFIX
 * @throws PoolError "BAD_PARAM" for another location and without keys, "BAD_PATH" where the service refuses, with its status and code
 */
export function s3Store(location: string, options: S3StoreOptions = {}): Store {
  const { keys, root, prefix } = open(location, options)
  const send = requestsTo(location, keys, options.signal)
  const urlOf = (key: string): string => `${root}/${encode(joinKey(prefix, assertKey(key)))}`
  const assertDone = ({ status, bytes }: S3Answer, key: string, act: Act): void => {
    if (status < 200 || status > 299) throw storeFailure(location, key, act, failureOf(status, textOf(bytes)))
  }
  const read = async (key: string, range?: string): Promise<S3Answer | undefined> => {
    const answer = await send(key, 'read', urlOf(key), range === undefined ? {} : { headers: { range } })
    if (answer.status === 404) return undefined
    if (range === undefined || answer.status !== 416) assertDone(answer, key, 'read')
    return answer
  }
  return {
    location,
    get: async (key) => (await read(key))?.bytes,
    getRange: async (key, offset, length) => {
      const end = offset < 0 ? '' : offset + Math.max(1, length) - 1
      const answer = await read(key, offset < 0 ? `bytes=${offset}` : `bytes=${offset}-${end}`)
      if (answer === undefined) return undefined
      const { status, bytes } = answer
      // Beyond the end of the object.
      if (status === 416) return new Uint8Array(0)
      if (status === 206) return bytes.subarray(0, length)
      const start = offset < 0 ? Math.max(0, bytes.length + offset) : offset
      return bytes.slice(start, start + length)
    },
    set: async (key, bytes, { ifAbsent = false } = {}) => {
      const headers: Record<string, string> = ifAbsent ? { 'if-none-match': '*' } : {}
      const body = bytes as Uint8Array<ArrayBuffer>
      const request = { method: 'PUT', body, headers, once: ifAbsent } as const
      const answer = await send(key, 'written', urlOf(key), request)
      if (ifAbsent && answer.status === 412) return false
      assertDone(answer, key, 'written')
      return true
    },
    delete: async (key) => {
      const answer = await send(key, 'deleted', urlOf(key), { method: 'DELETE' })
      if (answer.status !== 404) assertDone(answer, key, 'deleted')
    },
    list: async function* (start) {
      const below = prefix === '' ? '' : `${prefix}/`
      for (let token: string | undefined, more = true; more; ) {
        const answer = await send(start, 'listed', listingUrl(root, `${below}${start}`, token))
        assertDone(answer, start, 'listed')
        const page = textOf(answer.bytes)
        for (const object of objectsOf(page)) yield { ...object, key: object.key.slice(below.length) }
        token = elementOf(page, 'NextContinuationToken')
        more = token !== undefined
      }
    },
  }
}

type Act = Parameters<typeof storeFailure>[2]

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
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
    keys: { ...keys, region },
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
  const code = elementOf(text, 'Code') ?? String(status)
  return Object.assign(new Error(`${status} ${elementOf(text, 'Message') ?? code}`), { code })
}

function* objectsOf(page: string): Generator<StoredObject> {
  for (const [, object] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = elementOf(object!, 'Key')
    if (key !== undefined)
      yield { key, size: Number(elementOf(object!, 'Size')), stamp: elementOf(object!, 'ETag') ?? '' }
  }
}

function elementOf(xml: string, name: string): string | undefined {
  const [, text] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml) ?? []
  return text?.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
    hex !== undefined || decimal !== undefined
      ? String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16))
      : (entities[name as string] ?? all),
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
