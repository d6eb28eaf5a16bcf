/**
 * `npm start`: runs the program pool2d with the given arguments; without arguments it pools the samples into out/.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = new URL('../dist/cli/main.js', import.meta.url)
const root = fileURLToPath(new URL('..', import.meta.url))

if (!existsSync(program)) {
  console.error('npm start: dist/cli/main.js is not there; run npm ci, or npm run build')
  process.exitCode = 1
} else if (process.argv.length > 2) {
  await import(program.href)
} else {
  await showSamples()
}

async function showSamples() {
  mkdirSync(new URL('../out', import.meta.url), { recursive: true })
  console.log('A photograph, in windows of 8x8 pixels:\n')
  pool2d('samples/cat.jpg -o out/cat.max.png --mode max --size 8')
  pool2d('samples/cat.jpg -o out/cat.average.png --mode average --size 8')
  console.log('\nA tensor, torch.manual_seed(0); torch.rand(3, 2, 5, 5), in windows of 2x2 with stride 1:\n')
  pool2d('samples/tutorial.npy -o out/tutorial.max.npy --mode max --size 2 --stride 1')
  pool2d('samples/tutorial.npy -o out/tutorial.average.npy --mode average --size 2 --stride 1')
  if (process.exitCode) return
  await printPlanes()
  console.log('\nYour own files: npm start -- FILE -o OUT; everything else: npm start -- --help')
}

/** Runs the program as a person would, and shows the command. */
function pool2d(command) {
  console.log(`  pool2d ${command}`)
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(program), ...command.split(' '), '--force'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  )
  console.log(stderr.trimEnd().replaceAll(/^(?=.)/gm, '    '))
  if (status !== 0) process.exitCode = 1
}

async function printPlanes() {
  const { Tensor } = await import('../dist/index.js')
  const { parseNpy } = await import('../dist/npy.js')
  for (const name of ['samples/tutorial.npy', 'out/tutorial.max.npy', 'out/tutorial.average.npy']) {
    const { data, shape, dtype } = parseNpy(readFileSync(new URL(`../${name}`, import.meta.url)), name)
    const plane = new Tensor(data.subarray(0, shape[2] * shape[3]), shape.slice(2), dtype)
    console.log(`  ${name}, first of ${shape[0] * shape[1]} planes:`)
    console.log(`${plane}\n`.replaceAll(/^(?=.)/gm, '    '))
  }
}
