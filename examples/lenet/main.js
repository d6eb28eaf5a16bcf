/**
 * @file Trains LeNet on real digits, with pool2d's layers and with those of TensorFlow.js step by step side by side.
 *
 * node main.js           8,000 digits, 8 epochs; accuracy on 2,000 others
 * node main.js --short   some seconds, for continuous integration
 *
 * Exits with 1 if losses differ by more than float error or an accuracy is too low.
 */
import '@tensorflow/tfjs-backend-wasm'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import cliProgress from 'cli-progress'
import { loadDigits } from './digits.js'
import { drawLosses } from './draw-losses.js'
import { drawMaps } from './draw-maps.js'
import { registerKernels } from './kernels.js'
import { kinds, networksOf } from './network.js'
import { accuracyOf, stepsOf, trainTogether } from './train.js'

const settings = {
  long: { train: 8000, heldOut: 2000, epochs: 8, accuracy: 0.97 },
  short: { train: 1600, heldOut: 500, epochs: 3, accuracy: 0.8 },
}
const floatError = 1e-5
const seed = 0

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const setting = values.short ? settings.short : settings.long
const failures = []
const begun = performance.now()

registerKernels()
await tf.setBackend('wasm')
mkdirSync(outFile(''), { recursive: true })
const digits = loadDigits({ ...setting, seed })
for (const [name, kind] of Object.entries(kinds)) await run(name, kind)
const seconds = (performance.now() - begun) / 1000
console.log(`\n${seconds.toFixed(0)} s in all`)
for (const failure of failures) console.error(`failed: ${failure}`)
process.exitCode = failures.length === 0 ? 0 : 1

async function run(name, kind) {
  const networks = networksOf(kind, seed)
  const steps = stepsOf(digits.train, setting.epochs)
  console.log(
    `\nLeNet, ${name} pooling and ${kind.activation}: ${setting.train} digits, ${setting.epochs} epochs, ${steps} steps; ${setting.heldOut} held out; backend ${tf.getBackend()}`,
  )
  const bar = new cliProgress.SingleBar({
    format: '{bar} step {value}/{total}  loss {loss}  {eta_formatted} left',
  })
  bar.start(steps, 0, { loss: '-' })
  const accuracies = []
  const trained = await trainTogether(networks, digits.train, {
    ...kind,
    epochs: setting.epochs,
    onStep: ({ pool2d }) => bar.increment(1, { loss: pool2d.at(-1).toFixed(4) }),
    onEpoch: () => accuracies.push(accuracyOf(networks.pool2d, digits.heldOut)),
  })
  bar.stop()
  report(name, networks, trained, accuracies)
}

function report(name, networks, { losses, milliseconds }, accuracies) {
  const gaps = losses['tf.layers'].map((loss, step) => Math.abs(loss - losses.pool2d[step]))
  const widest = Math.max(...gaps)
  const final = accuracies.at(-1)
  const gap = `largest difference of losses ${widest.toExponential(1)} in ${gaps.length} steps`
  const files = [outFile(`losses-${name}.svg`), outFile(`feature-maps-${name}.svg`)]
  writeFileSync(files[0], drawLosses(losses, `${name} pooling; held-out accuracy ${percent(final)}; ${gap}`))
  writeFileSync(files[1], drawMaps(networks.pool2d, digits.heldOut.slice(0, 3)))

  console.log(`accuracy after each epoch: ${accuracies.map(percent).join(', ')}`)
  for (const [layers, own] of Object.entries(losses)) {
    const each = (milliseconds[layers] / own.length).toFixed(1)
    const loss = own.at(-1).toFixed(6)
    console.log(`${layers.padEnd(9)}  ${own.length} steps, ${each} ms each, last loss ${loss}`)
  }
  console.log(`accuracy with tf.layers: ${percent(accuracyOf(networks['tf.layers'], digits.heldOut))}`)
  console.log(gap)
  console.log(`drawn: ${files.join(', ')}`)
  check(widest <= floatError, `${name}: losses differ by ${widest}, more than ${floatError}`)
  check(
    final > setting.accuracy,
    `${name}: accuracy ${percent(final)} is not above ${percent(setting.accuracy)}`,
  )
}

function check(isRight, failure) {
  if (!isRight) failures.push(failure)
}

function outFile(name) {
  return fileURLToPath(new URL(`out/${name}`, import.meta.url))
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}
