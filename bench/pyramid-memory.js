/**
 * @file The peak memory of whole processes that make pyramids of images of different sizes: it must not grow with the image.
 *
 * npm run bench:pyramid-memory [-- SIDE...]   8192 16384 32768 unless given; SIDE x SIDE of uint8, raw, with --memory 300MB
 */
import { spawnSync } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
if (!existsSync(program)) throw new Error('dist is not built; run npm run build:package')
const given = process.argv.slice(2).map(Number)
const sides = given.length > 0 ? given : [8192, 16_384, 32_768]
const [chunk, memory, kinds] = [512, 300, 16]
const hook = "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS))"

/** An OME image of one level. Its chunks are links to a few files of noise, so that it takes no room however large it is. */
function makeImage(folder, side) {
  const scale = { type: 'scale', scale: [1, 1] }
  const axes = ['y', 'x'].map((name) => ({ name, type: 'space' }))
  const multiscales = [{ axes, datasets: [{ path: '0', coordinateTransformations: [scale] }] }]
  const group = { zarr_format: 3, node_type: 'group', attributes: { ome: { version: '0.5', multiscales } } }
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape: [side, side],
    data_type: 'uint8',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: [chunk, chunk] } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'bytes' }],
    fill_value: 0,
    attributes: {},
  }
  mkdirSync(join(folder, 'image/0/c'), { recursive: true })
  writeFileSync(join(folder, 'image/zarr.json'), JSON.stringify(group))
  writeFileSync(join(folder, 'image/0/zarr.json'), JSON.stringify(array))
  let state = 1
  for (let kind = 0; kind < kinds; kind++) {
    const noise = Uint8Array.from({ length: chunk * chunk }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
    writeFileSync(join(folder, `${kind}.bin`), noise)
  }
  for (let y = 0; y < side / chunk; y++) {
    mkdirSync(join(folder, `image/0/c/${y}`))
    for (let x = 0; x < side / chunk; x++)
      linkSync(join(folder, `${(5 * y + x) % kinds}.bin`), join(folder, `image/0/c/${y}/${x}`))
  }
}

function peakOf(folder, threads) {
  const argv = ['pyramid', 'image', '--in-place', '--memory', `${memory}MB`, '--threads', String(threads)]
  const begun = performance.now()
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, program, ...argv],
    { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 },
  )
  if (status !== 0) throw new Error(stderr.slice(-2000))
  const seconds = (performance.now() - begun) / 1000
  const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kibibytes]) => Number(kibibytes))
  return { peak: (Math.max(...peaks) * 1024) / 1e6, seconds }
}

console.info(`uint8, raw, chunks of ${chunk} x ${chunk}, --memory ${memory}MB; Node ${process.version}`)
console.info('| image | threads | peak RSS, MB | seconds |\n| --- | --- | --- | --- |')
for (const side of sides) {
  for (const threads of [1, 2]) {
    const folder = mkdtempSync(join(tmpdir(), 'pool2d-memory-'))
    try {
      makeImage(folder, side)
      const { peak, seconds } = peakOf(folder, threads)
      console.info(`| ${side} x ${side} | ${threads} | ${peak.toFixed(0)} | ${seconds.toFixed(1)} |`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}
