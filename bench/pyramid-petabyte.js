/**
 * @file What a pyramid of a petabyte asks for: tasks, requests, and the memory of Redis. The array has metadata only: planning and filling
 * the queue read no chunk of it.
 *
 * npm run bench:pyramid-petabyte   with REDIS_URL the queue is filled, in a database that is otherwise quiet, by the program
 * POOL2D_PROGRAM, which has bullmq and ioredis beside it
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const built = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const program = process.env.POOL2D_PROGRAM ?? built
if (!existsSync(program)) throw new Error('dist is not built; run npm run build:package')
const shape = [65_536, 65_536, 131_072]
const [chunks, shard] = [
  [64, 256, 256],
  [256, 1024, 1024],
]
const folder = mkdtempSync(join(tmpdir(), 'pool2d-petabyte-'))

function run(...argv) {
  const begun = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return { stdout, seconds: ((performance.now() - begun) / 1000).toFixed(1) }
}

async function redisBytes(url) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port || 6379), hostname)
  socket.end('INFO memory\r\nQUIT\r\n')
  return Number(/used_memory:(\d+)/.exec(await text(socket))[1])
}

/** Objects of an array. */
const count = (lengths, sides) =>
  lengths.reduce((product, length, axis) => product * Math.ceil(length / sides[axis]), 1)
const thousands = (value) => value.toLocaleString('en')

try {
  mkdirSync(join(folder, 'in'))
  const inner = {
    chunk_shape: chunks,
    codecs: [
      { name: 'bytes', configuration: { endian: 'little' } },
      { name: 'zstd', configuration: { level: 1, checksum: false } },
    ],
    index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }],
    index_location: 'end',
  }
  const array = {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: 'uint16',
    chunk_grid: { name: 'regular', configuration: { chunk_shape: shard } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    codecs: [{ name: 'sharding_indexed', configuration: inner }],
    fill_value: 0,
    attributes: {},
    dimension_names: ['z', 'y', 'x'],
  }
  writeFileSync(join(folder, 'in/zarr.json'), JSON.stringify(array))
  const { stdout, seconds } = run(
    'pyramid',
    'plan',
    'in',
    'out',
    '--shards',
    '4',
    '--memory',
    '16GB',
    '--threads',
    '1',
    '--json',
  )
  const { levels, stages, tasks, bytes } = JSON.parse(stdout)
  const written = levels.reduce((sum, level) => sum + count(level.shape, level.shard), 0)
  console.info(
    `${shape.join(' x ')} uint16 in shards of ${shard.join(' x ')}, chunks of ${chunks.join(' x ')}: planned in ${seconds} s`,
  )
  console.info(
    `bytes        ${thousands(bytes.read)} read, ${thousands(bytes.written)} written, before compression; ${thousands(bytes.task)} a task`,
  )
  console.info(
    `tasks        ${thousands(tasks)} in ${stages.length} stages (${stages.map((stage) => thousands(stage.tasks)).join(' + ')})`,
  )
  console.info(
    `requests     ${thousands(count(shape, chunks) + count(shape, shard))} reads of the source: each chunk, and the index of each shard`,
  )
  console.info(`             ${thousands(written)} writes of shards`)
  const url = process.env.REDIS_URL
  if (url === undefined) console.info('Redis        is left out: set REDIS_URL')
  else {
    const before = await redisBytes(url)
    const added = run('queue', 'add', 'out')
    console.info(
      `Redis        ${thousands((await redisBytes(url)) - before)} bytes, filled in ${added.seconds} s`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
