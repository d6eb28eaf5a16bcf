/**
 * @file Run by scripts/runtimes/webgpu.js in Deno: the hazards of its stack, every shader, the contract on random plans, and the loss of a
 * device.
 */
import { readFileSync } from 'node:fs'
import { webgpu } from 'pool2d/webgpu'
import { differencesFrom, findHazards, groups, refusedShaders, rowsOf, tryGroup } from './gpu-trials.js'
import { everyShader } from './shaders.js'

/** Random plans of each trial, of which there are about a hundred. */
const count = Number(process.env.POOL2D_RANDOM_PLANS ?? 1)
const seed = Number(process.env.POOL2D_SEED ?? 1)

const adapter = await navigator.gpu?.requestAdapter()
if (adapter == null) throw new Error('there is no adapter')
const { description } = adapter.info
const driver = /swiftshader/i.test(description)
  ? 'SwiftShader'
  : /llvmpipe/i.test(description)
    ? 'lavapipe'
    : description
const stack = `naga, ${driver}`
const device = await adapter.requestDevice()

const found = await findHazards(device)
console.log(rowsOf(stack, found))
const broken = found.filter(({ isRelied, got, want }) => isRelied && got !== want)
if (broken.length > 0) throw new Error(`shaders rest on ${JSON.stringify(broken)}`)
const differences = differencesFrom(readFileSync('webgpu.md', 'utf8'), stack, found)
if (differences === null) console.log(`docs/webgpu.md has no column for ${stack}`)
else if (differences.length > 0) throw new Error(differences.join('\n'))

const shaders = await everyShader()
const refused = await refusedShaders(device, shaders)
if (refused.length > 0) throw new Error(`naga refuses ${refused.length} shaders: ${refused[0]}`)
console.log(`${shaders.length} shaders compile`)

for (const group of groups) {
  const { wrong, compared } = await tryGroup(group, count, seed)
  if (wrong.length > 0 || compared === 0)
    throw new Error(`POOL2D_SEED=${seed} repeats this. ${group}: ${wrong.slice(0, 8).join('\n')}`)
  console.log(`${group}: ${compared} jobs keep the contract`)
}

const lost = await webgpu()
const y = lost.sumPool2d(lost.tensor([[[1, 2]]]), { kernelSize: [1, 2] })
const reading = y.read().then(
  () => 'no error',
  ({ code }) => code,
)
lost.device.destroy()
const outcome = await reading
if (outcome !== 'UNAVAILABLE') throw new Error(`a read amid the loss of the device: ${outcome}`)
await lost.lost
const next = await webgpu()
const z = await next.sumPool2d(next.tensor([[[1, 2]]]), { kernelSize: [1, 2] }).read()
if (z.data[0] !== 3) throw new Error(`after the loss of a device: ${z}`)
next.dispose()
console.log('a read amid the loss of the device is refused, and the next device works')
