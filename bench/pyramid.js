/**
 * @file Times pyramids of a large image in turns, whole processes: pool2d in place, gdaladdo, and numpy with zarr-python, where they are.
 * Two processes of one thread at once share nothing but the machine: two threads cannot take less than half of their time.
 *
 * npm run bench:pyramid [-- SIDE [ROUNDS]]   SIDE x SIDE of uint16; 23170 (1 GB) and 3 unless given
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
if (!existsSync(program)) throw new Error('dist is not built; run npm run build:package')
const [side = 23170, rounds = 3] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'pool2d-bench-'))
const at = (name) => join(folder, name)

/** Without certificates, which Node 20 would parse as it starts. */
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env

function run(command, argv) {
  const [begun, before] = [performance.now(), processorSeconds()]
  const { status, error, stderr } = spawnSync(command, argv, { env, cwd: folder })
  if (error || status !== 0) throw new Error(`${command} ${argv.join(' ')}: ${error ?? stderr}`)
  return { seconds: (performance.now() - begun) / 1000, processor: processorSeconds() - before }
}

/** The same program several times at once. */
async function runAtOnce(command, argvs) {
  const [begun, before] = [performance.now(), processorSeconds()]
  const ended = argvs.map((argv) =>
    once(spawn(command, argv, { env, cwd: folder, stdio: 'ignore' }), 'close'),
  )
  for (const [code] of await Promise.all(ended))
    if (code !== 0) throw new Error(`${command} ended with ${code}`)
  return { seconds: (performance.now() - begun) / 1000, processor: processorSeconds() - before }
}

let asides = 0

/** Moved, not removed: for half a minute ext4 passes over the places of files that are gone, and is slow to make new ones. */
function setAside(path) {
  if (!existsSync(path)) return
  mkdirSync(at('aside'), { recursive: true })
  renameSync(path, at(`aside/${asides++}`))
}

/** What processes that have ended have used of all processors; NaN where Linux does not tell. */
function processorSeconds() {
  if (!existsSync('/proc/self/stat')) return Number.NaN
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  return (Number(fields[13]) + Number(fields[14])) / 100
}

const has = (command, ...argv) => spawnSync(command, argv).status === 0

/** Rows as a microscope gives them: slopes and noise. The same data as .npy and as raw bytes for GDAL. */
function makeData() {
  const [npy, raw] = [openSync(at('x.npy'), 'w'), openSync(at('x.bin'), 'w')]
  const dict = `{'descr': '<u2', 'fortran_order': False, 'shape': (${side}, ${side}), }`
  const header = `${dict}${' '.repeat(117 - dict.length)}\n`
  writeSync(
    npy,
    Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(header)]),
  )
  const row = new Uint16Array(side)
  let state = 1
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      row[x] = 500 + ((x + y) >> 4) + (state >>> 26)
    }
    writeSync(npy, row)
    writeSync(raw, row)
  }
  writeFileSync(
    at('x.hdr'),
    `ENVI\nsamples = ${side}\nlines = ${side}\nbands = 1\ndata type = 12\ninterleave = bsq\nbyte order = 0\n`,
  )
}

const named = (codec) => (codec === 'none' ? 'raw' : codec.split(':')[0])

/** A way to make the levels: what is prepared once, what is removed before each run, and the run. */
function ours(codec, threads, suffix = '') {
  const image = `${codec.replace(':', '')}${suffix}.zarr`
  const argv = [program, 'pyramid', image, '--in-place', '--levels', '6', '--threads', String(threads)]
  return {
    image,
    argv,
    name: `pool2d, ${named(codec)}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    prepare: () => {
      if (existsSync(at(image))) return
      run(process.execPath, [
        program,
        'pyramid',
        'x.npy',
        image,
        '--levels',
        '1',
        '--chunks',
        '512x512',
        '--codec',
        codec,
      ])
      rmSync(at(`${image}/.pool2d`), { recursive: true })
      copyFileSync(at(`${image}/zarr.json`), at(`${image}.json`))
    },
    reset: () => {
      for (const name of readdirSync(at(image)))
        if (name !== '0' && name !== 'zarr.json') setAside(at(`${image}/${name}`))
      copyFileSync(at(`${image}.json`), at(`${image}/zarr.json`))
    },
    run: () => run(process.execPath, argv),
  }
}

/** One thread twice at once, on two images of the same chunks. */
function oursTwice(codec) {
  const one = ours(codec, 1)
  const other = ours(codec, 1, '-again')
  return {
    name: `${one.name}, twice at once`,
    prepare: () => {
      if (!existsSync(at(other.image))) linkTree(at(one.image), at(other.image))
      copyFileSync(at(`${one.image}.json`), at(`${other.image}.json`))
    },
    reset: () => {
      one.reset()
      other.reset()
    },
    run: () => runAtOnce(process.execPath, [one.argv, other.argv]),
  }
}

/** The folder again, its files by another name of each. */
function linkTree(from, to) {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) linkTree(source, target)
    else if (entry.name === 'zarr.json') copyFileSync(source, target)
    else linkSync(source, target)
  }
}

function gdal(codec, compression) {
  const file = `${compression.toLowerCase()}.tif`
  const blocks = [
    '-co',
    'TILED=YES',
    '-co',
    'BLOCKXSIZE=512',
    '-co',
    'BLOCKYSIZE=512',
    '-co',
    `COMPRESS=${compression}`,
  ]
  const level = compression === 'ZSTD' ? ['-co', 'ZSTD_LEVEL=1'] : []
  return {
    name: `gdaladdo, ${named(codec)}`,
    prepare: () => run('gdal_translate', ['-q', '-co', 'BIGTIFF=YES', ...blocks, ...level, 'x.bin', file]),
    reset: () => setAside(at(`${file}.ovr`)),
    run: () =>
      run('gdaladdo', [
        '-q',
        '-ro',
        '-r',
        'average',
        '--config',
        'COMPRESS_OVERVIEW',
        compression,
        '--config',
        'ZSTD_LEVEL_OVERVIEW',
        '1',
        '--config',
        'GDAL_TIFF_OVR_BLOCKSIZE',
        '512',
        '--config',
        'BIGTIFF_OVERVIEW',
        'YES',
        file,
        '2',
        '4',
        '8',
        '16',
        '32',
      ]),
  }
}

const script = `
import sys, numpy as np, zarr
src = zarr.open(sys.argv[1] + '/src', 'r')
out = zarr.open_group(sys.argv[1] + '/out', 'w')
for level in range(1, 6):
    n, m = ((s + 1) // 2 for s in src.shape)
    dst = out.create_dataset(str(level), shape=(n, m), chunks=(512, 512), dtype='u2', compressor=src.compressor)
    for y in range(0, n, 2048):
        a = src[2 * y:2 * y + 4096].astype('u4')
        a = np.pad(a, ((0, a.shape[0] % 2), (0, a.shape[1] % 2)), 'edge')
        s = a[::2, ::2] + a[1::2, ::2] + a[::2, 1::2] + a[1::2, 1::2]
        dst[y:y + 2048] = np.rint(s / 4).astype('u2')
    src = dst
`
function python(codec, compressor) {
  const place = `py-${codec.replace(':', '')}`
  return {
    name: `numpy and zarr-python, ${named(codec)}`,
    prepare: () =>
      run(interpreter, [
        '-c',
        `import numpy as np, zarr, numcodecs; x = np.load('x.npy', mmap_mode='r'); a = zarr.open('${place}/src', 'w', shape=x.shape, chunks=(512, 512), dtype='u2', compressor=${compressor}); [a.__setitem__(slice(y, y + 512), x[y:y + 512]) for y in range(0, len(x), 512)]`,
      ]),
    reset: () => setAside(at(`${place}/out`)),
    run: () => run(interpreter, ['-c', script, place]),
  }
}

const hasGdal = has('gdaladdo', '--version')
const interpreter = ['python3', '/usr/bin/python3'].find((name) =>
  has(name, '-c', 'import numpy, zarr; assert zarr.__version__ < "3"'),
)
const hasPython = interpreter !== undefined
if (!hasGdal) console.info('gdaladdo is not here: apt-get install gdal-bin')
if (!hasPython) console.info('numpy and zarr-python 2 are not here: apt-get install python3-zarr')
const codecs = ['none', 'zstd:1']
const ways = [
  ...codecs.flatMap((codec) => [ours(codec, 1), ours(codec, 2), oursTwice(codec)]),
  ...(hasGdal ? [gdal('none', 'NONE'), gdal('zstd:1', 'ZSTD')] : []),
  ...(hasPython ? [python('none', 'None'), python('zstd:1', 'numcodecs.Zstd(1)')] : []),
]
try {
  makeData()
  for (const way of ways) way.prepare()
  const times = ways.map(() => [])
  for (let round = 0; round < rounds; round++) {
    for (const [i, way] of ways.entries()) {
      way.reset()
      times[i].push(await way.run())
    }
  }
  console.info(
    `${side} x ${side} uint16, ${((2 * side * side) / 1e9).toFixed(2)} GB, 5 levels of means, Node ${process.version}; the least of ${rounds} in turns\n`,
  )
  const least = (i, what) => Math.min(...times[i].map((time) => time[what])).toFixed(2)
  console.info('| | processors, s | the clock, s |\n| --- | --- | --- |')
  for (const [i, { name }] of ways.entries())
    console.info(`| ${name} | ${least(i, 'processor')} | ${least(i, 'seconds')} |`)
  console.info('')
  for (const codec of codecs) {
    const [one, two, twice] = [ours(codec, 1), ours(codec, 2), oursTwice(codec)].map(({ name }) =>
      least(
        ways.findIndex((way) => way.name === name),
        'seconds',
      ),
    )
    const [threads, processes] = [one / two, (2 * one) / twice].map((ratio) => ratio.toFixed(2))
    console.info(
      `${named(codec)}: two threads ${threads} times as fast as one; two processes that share nothing do ${processes} times the work of one`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
