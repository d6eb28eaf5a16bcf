import { expect, test } from 'vitest'
import { version } from '../../package.json' with { type: 'json' }
import { useFolder } from './run-cli.ts'

const folder = useFolder()

test.each([
  ['--help', 'help.txt'],
  ['shape --help', 'help-shape.txt'],
  ['onnx --help', 'help-onnx.txt'],
  ['regions --help', 'help-regions.txt'],
  ['pyramid --help', 'help-pyramid.txt'],
  ['zarr --help', 'help-zarr.txt'],
  ['queue --help', 'help-queue.txt'],
  ['queue work --help', 'help-queue-work.txt'],
])('%s', async (argv, file) => {
  const { code, stdout, stderr } = await folder().run(argv)
  expect([code, stderr]).toEqual([0, ''])
  await expect(stdout.toString()).toMatchFileSnapshot(file)
})

test('--version', async () => {
  expect(await folder().run('--version')).toMatchObject({ code: 0, stdout: Buffer.from(`${version}\n`) })
})
