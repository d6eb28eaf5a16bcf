/**
 * @file The program that is bundled: the same pooling on one thread and on two. In a page, `?worker=URL` names the worker's script.
 */
import { maxPool2d, rand, threads, zeros } from 'pool2d'

async function compare() {
  const script = new URLSearchParams(globalThis.location?.search).get('worker')
  const worker = script === null ? undefined : () => new Worker(script, { type: 'module' })
  const input = rand([8, 16, 64, 64], { seed: 1 })
  const one = maxPool2d(input, { kernelSize: 2 }).data
  const group = await threads(2, { worker })
  const shared = zeros(input.shape, { shared: true })
  shared.data.set(input.data)
  const out = zeros([8, 16, 32, 32], { shared: true }).data
  maxPool2d(shared, { kernelSize: 2, out })
  const { threads: count, reason, restarts } = group.info()
  await group.dispose()
  return { count, reason, restarts, isSame: out.every((value, i) => Object.is(value, one[i])) }
}

globalThis.outcome = compare()
globalThis.outcome.then((outcome) => console.log(JSON.stringify(outcome)))
