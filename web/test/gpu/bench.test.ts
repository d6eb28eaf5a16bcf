/**
 * @file The page of `npm run bench:gpu`, as a command opens it, on a driver in software: every pooling is verified and timed, of every
 * library. Its numbers mean nothing.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = join(import.meta.dirname, '../../../bench/gpu/main.js')

test('the bench in a page', { timeout: 240_000 }, async () => {
  const given = [program, '--software', '--rounds', '1', '--shape', '1,1,36,36']
  const { stdout } = await promisify(execFile)(process.execPath, given)
  const [adapter, warning, copy, ...lines] = stdout.trim().split('\n')
  expect(adapter).toMatch(/^adapter: .*swiftshader/i)
  expect(warning).toMatch(/^WARNING: this is a driver in software/)
  expect(copy).toMatch(/^\[1, 1, 36, 36\] float32, 1 rounds; copy: [\d.]+ GB\/s/)
  expect(lines).toHaveLength(8)
  const time = String.raw`[\d.]+ ms`
  for (const line of lines) {
    const peers = [...line.matchAll(new RegExp(`; (.*?) [\\d.]+ ${time}, [\\d.]+ x`, 'g'))].map(
      ([, name]) => name,
    )
    expect(line).toMatch(new RegExp(`^.*: ${time}, [\\d.]+ GB/s, \\d+ % of copy`))
    expect(peers, line).toEqual(line.includes('exact') ? [] : ['ONNX Runtime web', 'tfjs-webgpu'])
  }
})
