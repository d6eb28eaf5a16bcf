/**
 * @file Makes the three pyramids of docs/pyramids.md with the commands that stand there, and their pictures in docs/images.
 *
 * node scripts/pyramid-pictures.js   needs the built package
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Tensor } from 'pool2d'
import { writeImage } from 'pool2d/image'
import { formatNpy } from 'pool2d/npy'
import * as zarrita from 'zarrita'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pool2d-pictures-'))
const at = (name) => join(folder, name)

/** The command of the guide that makes an image. */
function runAsWritten(out) {
  const guide = readFileSync(join(root, 'docs/pyramids.md'), 'utf8')
  const [line] = guide.match(new RegExp(`^pool2d pyramid \\S+ ${out} .*$`, 'm'))
  const argv = line.replace(/ #.*$/, '').trim().split(/\s+/).slice(1)
  execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...argv], { cwd: folder, stdio: 'ignore' })
}

async function levelsOf(name) {
  const get = (key) => readFile(at(`${name}${key}`)).catch(() => undefined)
  const place = zarrita.root({ get })
  const group = await zarrita.open.v3(place, { kind: 'group' })
  const paths = group.attrs.ome.multiscales[0].datasets.map(({ path }) => path)
  return await Promise.all(
    paths.map(
      async (path) => await zarrita.get(await zarrita.open.v3(place.resolve(path), { kind: 'array' })),
    ),
  )
}

/** Levels beside each other, bottoms aligned, on white; `colour` gives the RGB of element (y, x) of a level. */
function sideBySide(levels, colour) {
  const gap = 8
  const [height] = levels[0].shape.slice(-2)
  const width = levels.reduce((sum, { shape }) => sum + shape.at(-1) + gap, -gap)
  const pixels = new Uint8Array(height * width * 3).fill(255)
  let left = 0
  for (const level of levels) {
    const [rows, columns] = level.shape.slice(-2)
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++)
        pixels.set(colour(level, y, x), 3 * ((height - rows + y) * width + left + x))
    left += columns + gap
  }
  return new Tensor(pixels, [height, width, 3])
}

const shown = (levels, most) => levels.filter(({ shape }) => shape.at(-1) <= most).slice(0, 4)

async function photo() {
  copyFileSync(join(root, 'samples/cat.jpg'), at('cat.jpg'))
  runAsWritten('cat.zarr')
  const levels = shown(await levelsOf('cat.zarr'), 400)
  const colour = ({ data, shape: [, rows, columns] }, y, x) =>
    [0, 1, 2].map((c) => data[(c * rows + y) * columns + x])
  const pixels = sideBySide(levels, colour)
  writeFileSync(
    join(root, 'docs/images/pyramid-photo.jpg'),
    await writeImage({ pixels, format: 'jpeg', quality: 80 }),
  )
}

/** Cells about points that a seed spreads, with ids from 302,011,022 on; between them is nothing, 0. */
async function labels() {
  const shape = [8, 240, 240]
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const points = Array.from({ length: 60 }, () => shape.map((length) => random() * length))
  const ids = new Uint32Array(shape[0] * shape[1] * shape[2])
  for (let i = 0; i < ids.length; i++) {
    const place = [Math.floor(i / 57600), Math.floor(i / 240) % 240, i % 240]
    const far = points.map((point) =>
      Math.hypot(...point.map((v, axis) => (v - place[axis]) * (axis === 0 ? 4 : 1))),
    )
    const [nearest, second] = far.toSorted((a, b) => a - b)
    ids[i] = second - nearest < 3 || nearest > 40 ? 0 : 302_011_022 + far.indexOf(nearest)
  }
  writeFileSync(at('labels.npy'), formatNpy(new Tensor(ids, shape)))
  runAsWritten('labels.zarr')
  const colour = ({ data, shape: [planes, rows, columns] }, y, x) => {
    const id = data[((planes >> 1) * rows + y) * columns + x]
    return id === 0
      ? [20, 20, 30]
      : [0, 1, 2].map((c) => 60 + ((Math.imul(id, 2654435761 + 40 * c) >>> (8 * c + 3)) % 190))
  }
  const pixels = sideBySide(shown(await levelsOf('labels.zarr'), 400), colour)
  writeFileSync(join(root, 'docs/images/pyramid-labels.png'), await writeImage({ pixels, format: 'png' }))
}

/** Hills with a lake and a margin that were not measured. */
async function heights() {
  const [rows, columns] = [240, 300]
  const data = Float32Array.from({ length: rows * columns }, (_, i) => {
    const [y, x] = [Math.floor(i / columns), i % columns]
    const isHole = Math.hypot(y - 90, (x - 190) / 1.6) < 32 || x < 40 + 15 * Math.sin(y / 20)
    return isHole ? -9999 : 400 + 200 * Math.sin(x / 37) * Math.cos(y / 29) + 40 * Math.sin((x + 2 * y) / 7)
  })
  writeFileSync(at('height.npy'), formatNpy(new Tensor(data, [rows, columns])))
  runAsWritten('height.zarr')
  const colour = ({ data, shape: [, width] }, y, x) => {
    const value = data[y * width + x]
    const part = Math.min(1, Math.max(0, (value - 160) / 480))
    return value === -9999
      ? [255, 190, 190]
      : [60 + 170 * part, 110 + 110 * part, 70 + 130 * part].map(Math.round)
  }
  const pixels = sideBySide(shown(await levelsOf('height.zarr'), 400), colour)
  writeFileSync(join(root, 'docs/images/pyramid-nodata.png'), await writeImage({ pixels, format: 'png' }))
}

try {
  await photo()
  await labels()
  await heights()
} finally {
  rmSync(folder, { recursive: true })
}
