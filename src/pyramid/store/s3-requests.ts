/**
 * @file Requests to S3, sent again while the service or the network cannot answer them.
 */
import { setTimeout } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { storeFailure } from './store.ts'

type Act = Parameters<typeof storeFailure>[2]

/** An answer that came whole. */
export interface S3Answer {
  readonly status: number
  readonly bytes: Uint8Array
}

export interface S3Request {
  readonly method?: 'PUT' | 'DELETE'
  readonly body?: Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
  /** True if it must not be done twice: it is sent again only where the service says that it was not done. */
  readonly once?: boolean
}

/** Sends a request about a key. @throws PoolError "BAD_PATH" where no answer comes */
export type SendToS3 = (key: string, act: Act, url: string, request?: S3Request) => Promise<S3Answer>

/** Milliseconds between attempts, of which chance takes up to a half: three seconds in all. */
const waits = [50, 100, 200, 400, 800, 1600]

/** Too many requests, and not at the moment: nothing was done. */
const refused = [429, 503]

const cutOff = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]

/** @param signal  nothing is sent again after it */
export function requestsTo(
  location: string,
  keys: ConstructorParameters<typeof AwsClient>[0],
  signal: AbortSignal | undefined,
): SendToS3 {
  const client = new AwsClient({ ...keys, service: 's3', retries: 0 })
  return async (key, act, url, { once = false, ...request } = {}) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await answerOf(client, url, request)
      const wait = isPassing(outcome, once) ? waits[attempt - 1] : undefined
      if (wait !== undefined && (await waited(wait * (1 - Math.random() / 2), signal))) continue
      if (outcome instanceof Error) throw storeFailure(location, key, act, counted(outcome, attempt))
      return outcome
    }
  }
}

async function answerOf(
  client: AwsClient,
  url: string,
  request: Omit<S3Request, 'once'>,
): Promise<S3Answer | NodeJS.ErrnoException> {
  try {
    const answer = await client.fetch(url, request)
    return { status: answer.status, bytes: new Uint8Array(await answer.arrayBuffer()) }
  } catch (error) {
    const { cause } = error as { cause?: Error }
    return cause ?? (error as Error)
  }
}

function isPassing(outcome: S3Answer | NodeJS.ErrnoException, once: boolean): boolean {
  if (outcome instanceof Error) return !once && cutOff.includes(outcome.code ?? '')
  return refused.includes(outcome.status) || (!once && outcome.status >= 500)
}

/** False once the signal has come. */
async function waited(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  await setTimeout(milliseconds, undefined, signal && { signal }).catch(() => undefined)
  return signal?.aborted !== true
}

function counted(error: NodeJS.ErrnoException, attempts: number): NodeJS.ErrnoException {
  if (attempts === 1) return error
  const message = `${error.message}, ${attempts} times`
  return Object.assign(new Error(message, { cause: error }), error.code !== undefined && { code: error.code })
}
