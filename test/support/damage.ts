/**
 * @file Damage to files: bytes flipped, numbers in them replaced by awkward ones, parts cut out, doubled, moved.
 */
import fc from 'fast-check'

/** The number of damaged files per reader; `npm run test:deep` runs more. */
export const fuzzRuns = Number(process.env.POOL2D_FUZZ ?? 300)

/** Random in `npm run test:deep`, fixed in `npm test`. A failure prints the command that repeats it. */
const seed = Number(process.env.POOL2D_SEED ?? 1)

/** Runs a property, which may be asynchronous, `runs` times. */
export async function fuzz<T>(
  arbitrary: fc.Arbitrary<T>,
  survives: (value: T) => void | Promise<void>,
  runs = fuzzRuns,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (value) => {
    await survives(value)
  })
  await fc.assert(property, { numRuns: runs, seed, endOnFailure: runs > 1000 }).catch((error: Error) => {
    throw new Error(`POOL2D_SEED=${seed} POOL2D_FUZZ=${runs} repeats this. ${error.message}`, {
      cause: error,
    })
  })
}

type Step = (bytes: Uint8Array) => Uint8Array

const share = fc.noBias(fc.nat(9999)).map((at) => at / 10_000)
const place = (bytes: Uint8Array, at: number): number => Math.floor(at * bytes.length)

/** Prefers the start and the end of a file, where headers and directories are. */
const early = fc.oneof(
  { weight: 3, arbitrary: share.map((at) => at ** 2) },
  { weight: 2, arbitrary: share },
  { weight: 1, arbitrary: share.map((at) => 1 - (at ** 2 + 1e-4)) },
)

const flip: fc.Arbitrary<Step> = fc
  .tuple(early, fc.integer({ min: 1, max: 255 }))
  .map(([at, mask]) => (bytes) => {
    const damaged = bytes.slice()
    if (damaged.length > 0) damaged[place(damaged, at)]! ^= mask
    return damaged
  })

const awkward = fc.constantFrom(
  0,
  1,
  2,
  0x7f,
  0x80,
  0xff,
  0x7fff,
  0x8000,
  0xffff,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
)
const overwrite: fc.Arbitrary<Step> = fc
  .tuple(early, awkward, fc.constantFrom(1, 2, 4, 8), fc.boolean())
  .map(([at, value, width, little]) => (bytes) => {
    const damaged = bytes.slice()
    const start = place(damaged, at)
    for (let i = 0; i < width && start + i < damaged.length; i++)
      damaged[start + i] = Math.floor(value / 256 ** (little ? i : width - 1 - i)) % 256
    return damaged
  })

const cut: fc.Arbitrary<Step> = share.map((at) => (bytes) => bytes.slice(0, place(bytes, at)))

const remove: fc.Arbitrary<Step> = fc
  .tuple(early, fc.integer({ min: 1, max: 40 }))
  .map(([at, count]) => (bytes) => {
    const start = place(bytes, at)
    return joined(bytes.slice(0, start), bytes.slice(start + count))
  })

const double: fc.Arbitrary<Step> = fc
  .tuple(early, fc.integer({ min: 1, max: 60 }))
  .map(([at, count]) => (bytes) => {
    const start = place(bytes, at)
    return joined(bytes.slice(0, start + count), bytes.slice(start))
  })

const insert: fc.Arbitrary<Step> = fc.tuple(early, fc.uint8Array({ minLength: 1, maxLength: 20 })).map(
  ([at, more]) =>
    (bytes) =>
      joined(bytes.slice(0, place(bytes, at)), more, bytes.slice(place(bytes, at))),
)

const step = fc.oneof(
  { weight: 5, arbitrary: flip },
  { weight: 5, arbitrary: overwrite },
  { weight: 1, arbitrary: cut },
  { weight: 2, arbitrary: remove },
  { weight: 1, arbitrary: double },
  { weight: 1, arbitrary: insert },
)

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}

/** One of the files, damaged a few times; mostly with its first bytes as they were, so that it is still looked into. */
export function damaged(files: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const steps = fc.array(step, { minLength: 1, maxLength: 3 })
  const kept = fc.constantFrom(0, 12, 12, 12)
  return fc.tuple(fc.constantFrom(...files), steps, kept).map(([bytes, steps, length]) => {
    const rest = steps.reduce((rest, act) => act(rest), bytes).slice()
    rest.set(bytes.subarray(0, Math.min(length, rest.length)))
    return rest
  })
}
