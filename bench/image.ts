/**
 * @file `npm run bench:image`: pixels beside sharp on one thread. Poolings of raw pixels beside its quickest reduction that weighs all
 * pixels (`resize`, kernel 'linear'; sharp has no box), and the command line on a photograph of 24 megapixels beside a program that only
 * decodes the photograph and encodes the result.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { avgPool2d, maxPool2d, type Tensor, zeros } from '../src/index.ts'
import type { PreparedCandidate } from './candidates/candidate.ts'
import { timeInterleaved } from './timing.ts'

const side = 4096
const budget = { rounds: 15, milliseconds: 4000 }
const programBudget = { rounds: 9, milliseconds: 20_000 }
const poolings = { average: avgPool2d, max: maxPool2d }

/** Smooth colours with noise, as photographs have them. */
function fill({ data, shape }: Tensor<Uint8Array | Uint16Array>, largest: number): void {
  const [, width, channels] = shape as readonly [number, number, number]
  let noise = 1
  for (let i = 0; i < data.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) >>> 0
    const [row, column] = [Math.floor(i / channels / width), Math.floor(i / channels) % width]
    const smooth = Math.sin(row / 300 + (i % channels)) * Math.cos(column / 200)
    data[i] = Math.floor((0.5 + 0.4 * smooth + 0.1 * (noise / 2 ** 32 - 0.5)) * largest)
  }
}

const asyncCandidate = (id: string, call: () => unknown): PreparedCandidate => ({
  id,
  kind: 'ours',
  measure: async (calls) => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) await call()
    return (performance.now() - start) / calls
  },
})

async function compare(candidates: readonly PreparedCandidate[], within = budget): Promise<number[]> {
  const firstTimes: number[] = []
  for (const { measure } of candidates) firstTimes.push(await measure(1))
  return (await timeInterleaved(candidates, firstTimes, within)).map(({ min }) => min)
}

async function timePixels(): Promise<void> {
  console.log(
    `| ${side} x ${side} pixels | pool2d, ms | sharp, ms | sharp ÷ pool2d |\n| --- | --: | --: | --: |`,
  )
  for (const dtype of ['uint8', 'uint16'] as const) {
    for (const channels of [1, 3, 4] as const) {
      const x = zeros([side, side, channels], { dtype })
      fill(x as Tensor<Uint8Array | Uint16Array>, dtype === 'uint8' ? 255 : 65_535)
      for (const size of [2, 4]) {
        const reduce = () =>
          sharp(x.data as Uint8Array, { raw: { width: side, height: side, channels } })
            .resize(side / size, side / size, { kernel: 'linear' })
            .raw({ depth: dtype === 'uint8' ? 'uchar' : 'ushort' })
            .toBuffer()
        for (const [name, pool] of Object.entries(poolings)) {
          const ours = () => pool(x, { kernelSize: size, layout: 'NHWC' })
          const [mine, theirs] = await compare([
            asyncCandidate('pool2d', ours),
            asyncCandidate('sharp', reduce),
          ])
          const cells = [mine!.toPrecision(3), theirs!.toPrecision(3), (theirs! / mine!).toFixed(1)]
          console.log(`| ${name} ${size}x${size}, ${dtype}, ${channels} channels | ${cells.join(' | ')} |`)
        }
      }
    }
  }
}

/** Decodes the photograph and encodes a picture of the size of the result, in a process of its own. */
const codecAlone = `
import sharp from 'sharp'
const [from, to] = process.argv.slice(2)
const { data, info } = await sharp(from).raw().toBuffer({ resolveWithObject: true })
const [width, height] = [info.width / 2, info.height / 2]
await sharp(data.subarray(0, width * height * 3), { raw: { width, height, channels: 3 } }).png().toFile(to)
`

async function timePhotograph(): Promise<void> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const folder = mkdtempSync(join(tmpdir(), 'pool2d-bench-'))
  const cache = join(root, 'node_modules/.cache')
  const script = join(cache, `codec-${process.pid}.mjs`)
  try {
    const x = zeros([4000, 6000, 3], { dtype: 'uint8' })
    fill(x as Tensor<Uint8Array>, 255)
    const [photo, ours, theirs] = ['photo.jpg', 'ours.png', 'theirs.png'].map((name) => join(folder, name))
    await sharp(x.data as Uint8Array, { raw: { width: 6000, height: 4000, channels: 3 } })
      .jpeg({ quality: 90 })
      .toFile(photo!)
    mkdirSync(cache, { recursive: true })
    writeFileSync(script, codecAlone)
    const run = (...program: string[]) => execFileSync(process.execPath, program, { stdio: 'pipe' })
    const cli = join(root, 'dist/cli/main.js')
    const pooling = (mode: string) => () =>
      run(cli, photo!, '-o', ours!, '--mode', mode, '--size', '2', '--force')
    const programs = {
      'decoding and encoding alone, by sharp': () => run(script, photo!, theirs!),
      'pool2d photo.jpg -o small.png --mode average': pooling('average'),
      'pool2d photo.jpg -o small.png': pooling('max'),
    }
    const candidates = Object.entries(programs).map(([id, call]) => asyncCandidate(id, call))
    const times = await compare(candidates, programBudget)
    console.log('\n| a JPEG of 24 megapixels to a PNG of 6 | ms | ÷ codec alone |\n| --- | --: | --: |')
    Object.keys(programs).forEach((id, i) => {
      console.log(`| ${id} | ${times[i]!.toFixed(0)} | ${(times[i]! / times[0]!).toFixed(2)} |`)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(script, { force: true })
  }
}

sharp.concurrency(1)
sharp.cache(false)
await timePixels()
await timePhotograph()
