/**
 * @file Verifies and times poolings on a GPU, in Node and in a page: pool2d beside the device's best copy, and beside its peers where there
 * are any. A time is the median of rounds, in each of which every candidate has its turn: calls in a row, and one wait for all of them.
 */
import { avgPool2d, globalAvgPool, maxPool2d, rand } from '../../dist/index.js'
import { bestCopy } from './copy.js'
import { poolings } from './poolings.js'

const references = { avgPool2d, globalAvgPool, maxPool2d }

/** Calls of a round, between two waits: fewer of slow ones. */
const mostCalls = 10
/** Milliseconds of a round, and of all rounds of a candidate. */
const enough = { round: 100, all: 10_000 }

/**
 * @param gpu    of pool2d/webgpu
 * @param peers  objects with a `name` and `prepare(pooling, host)`, which gives null or `run`, `wait`, `read` and `dispose`
 * @param print  takes a line
 */
export async function measure({ gpu, info, peers, rounds, shape, print }) {
  describeAdapter(info, print)
  const host = rand(shape, { seed: 0 })
  const copy = await bestCopy(gpu.device, host.data.byteLength, (candidates) => timesOf(candidates, rounds))
  const best = (2 * host.data.byteLength) / copy.seconds / 1e9
  print(`[${host.shape.join(', ')}] float32, ${rounds} rounds; copy: ${best.toFixed(1)} GB/s (${copy.name})`)
  for (const pooling of poolings) {
    const want = references[pooling.op](host, withoutExact(pooling.options))
    const candidates = []
    const words = []
    for (const peer of [ours(gpu), ...peers]) {
      try {
        const candidate = await peer.prepare(pooling, host)
        if (candidate === null) continue
        candidates.push({ name: peer.name, ...candidate })
        await assertEqual(candidate, want)
      } catch (error) {
        if (peer.name === 'pool2d') throw new Error(`${pooling.title}: ${error.message}`)
        words.push(`${peer.name} ${error.message}`)
      }
    }
    const times = await timesOf(candidates, rounds)
    for (const candidate of candidates) candidate.dispose()
    const bytes = host.data.byteLength + want.data.byteLength
    const rate = bytes / times[0] / 1e9
    const part = Math.round((100 * rate) / best)
    const own = `${(1000 * times[0]).toFixed(3)} ms, ${rate.toFixed(1)} GB/s, ${part} % of copy`
    const theirs = candidates
      .slice(1)
      .map(
        ({ name }, i) =>
          `${name} ${(1000 * times[i + 1]).toFixed(3)} ms, ${(times[i + 1] / times[0]).toFixed(2)} x`,
      )
    print([`${pooling.title}: ${own}`, ...theirs, ...words].join('; '))
  }
}

/** Drivers in software, by the names they give themselves. */
const software = /swiftshader|llvmpipe|lavapipe|basic render/i

function describeAdapter({ vendor, architecture, device, description, isFallbackAdapter }, print) {
  const name = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'no name'
  print(`adapter: ${name}`)
  if (isFallbackAdapter || software.test(name))
    print('WARNING: this is a driver in software. These numbers say nothing of a GPU.')
}

function ours(gpu) {
  return {
    name: 'pool2d',
    prepare({ op, options }, host) {
      const x = gpu.tensor(host)
      const out = gpu[op](x, options)
      return {
        run: () => gpu[op](x, { ...options, out }),
        wait: () => gpu.device.queue.onSubmittedWorkDone(),
        read: async () => (await out.read()).data,
        dispose() {
          x.dispose()
          out.dispose()
        },
      }
    },
  }
}

function withoutExact({ exact, ...options }) {
  return options
}

async function assertEqual(candidate, want) {
  await candidate.run()
  const got = await candidate.read()
  if (got.length !== want.data.length)
    throw new Error(`has ${got.length} results instead of ${want.data.length}`)
  const most = want.data.reduce((error, value, i) => Math.max(error, Math.abs(value - got[i])), 0)
  if (!(most <= 1e-4)) throw new Error(`is off by ${most}`)
}

/** Seconds of a call of each. A first round compiles, a second tells how many calls a round has; neither counts. */
async function timesOf(candidates, rounds) {
  const runners = []
  for (const candidate of candidates) {
    await timeOf(candidate, 1)
    const estimate = await timeOf(candidate, 1)
    const calls = Math.max(1, Math.min(mostCalls, Math.floor(enough.round / estimate)))
    runners.push({ candidate, calls, spent: 0, times: [] })
  }
  for (let round = 0; round < rounds; round++) {
    for (const runner of runners) {
      if (runner.spent >= enough.all) continue
      const time = await timeOf(runner.candidate, runner.calls)
      runner.spent += time * runner.calls
      runner.times.push(time)
    }
  }
  return runners.map(({ times }) => times.sort((a, b) => a - b)[times.length >> 1] / 1000)
}

/** Milliseconds of a call. */
async function timeOf({ run, wait }, calls) {
  const begin = performance.now()
  for (let call = 0; call < calls; call++) await run()
  await wait()
  return (performance.now() - begin) / calls
}
