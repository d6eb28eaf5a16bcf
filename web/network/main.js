/**
 * @file Trains the network of the playground once for each of its poolings, and writes its weights, digits and accuracies to web/src/network.
 *
 * node web/network/main.js          all poolings
 * node web/network/main.js max avg  some; the others keep their weights
 *
 * Exits with 1 if an accuracy, of the weights as written, is below 98 %.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateRawSync } from 'node:zlib'
import { runnerImport } from 'vite'
import { loadDigits, shuffled } from '../../examples/lenet/digits.js'

const seed = 0
const sizes = { train: 8000, heldOut: 2000, shipped: 500, seed }
/** The first pooling learns from nothing, and keeping every second pixel, which loses most, as long; the others need less. */
const long = { epochs: 16, rate: 0.002, decay: 0.82 }
const short = { epochs: 6, rate: 0.001, decay: 0.65 }
const courses = {
  max: long,
  avg: short,
  lp: short,
  stride: long,
  soft: short,
  blur: short,
  stochastic: short,
}
const lowest = 0.98

const folder = new URL('../src/network/', import.meta.url)
const load = async (path) => (await runnerImport(fileURLToPath(new URL(path, import.meta.url)))).module
const { train, accuracyOf } = await load('./train.ts')
const { deformed } = await load('./deform.ts')
const { families } = await load('../src/network/families.ts')
const { pack, packedSize, toDifferences, unpack, unpackAll } = await load('../src/network/weights.ts')
const { packDigits, rounded } = await load('../src/network/digits.ts')

const round = (digits) => digits.map(({ label, image }) => ({ label, image: rounded(image) }))
const digits = loadDigits(sizes)
const heldOut = round(digits.heldOut)
writeFileSync(
  new URL('digits.bin', folder),
  deflateRawSync(packDigits(heldOut.slice(0, sizes.shipped)), { level: 9 }),
)

const chosen = process.argv.length > 2 ? process.argv.slice(2) : families
const weightsFile = new URL('weights.bin', folder)
const recordFile = new URL('trained.json', folder)

for (const family of chosen) {
  const network = train({
    family,
    seed,
    from: family === families[0] ? null : (await unpackAll(readFileSync(weightsFile)))[0],
    ...courses[family],
    digitsOf: (epoch) => shuffled(deformed(digits.train, epoch), epoch),
    onEpoch: (epoch, loss) => console.log(`${family}: epoch ${epoch + 1}, loss ${loss.toFixed(4)}`),
  })
  const packed = pack(network)
  const accuracy = accuracyOf(unpack(packed), family, heldOut)
  console.log(`${family}: accuracy on ${heldOut.length} held-out digits ${(100 * accuracy).toFixed(2)} %`)
  if (accuracy < lowest) process.exitCode = 1
  await keep(family, packed, accuracy)
}

/** Read again each time: another process may train other poolings. */
async function keep(family, packed, accuracy) {
  const old = existsSync(weightsFile) ? await unpackAll(readFileSync(weightsFile)) : []
  const weights = new Uint8Array(families.length * packedSize)
  for (const [i, network] of old.entries()) weights.set(pack(network), i * packedSize)
  weights.set(packed, families.indexOf(family) * packedSize)
  writeFileSync(weightsFile, deflateRawSync(toDifferences(weights), { level: 9 }))
  const record = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {}
  const accuracies = { ...record.accuracies, [family]: accuracy }
  writeFileSync(recordFile, `${JSON.stringify({ ...sizes, courses, accuracies }, null, 2)}\n`)
}
