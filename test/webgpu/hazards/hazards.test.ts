import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../support/documents.ts'
import { gpu as dawn } from '../adapter.ts'
import { findHazards } from './probes.ts'
import { differencesFrom, rowsOf } from './table.ts'

it('prints what this stack does to floats, and keeps what shaders rest on', async () => {
  const adapter = (await dawn.requestAdapter())!
  const device = await adapter.requestDevice()
  const found = await findHazards(device)
  device.destroy()
  const driver = /swiftshader/i.test(`${adapter.info.architecture} ${adapter.info.description}`)
    ? 'SwiftShader'
    : adapter.info.description
  const stack = `Tint, ${driver}`
  console.info(`\n${rowsOf(stack, found)}`)
  expect(found.filter(({ isRelied, got, want }) => isRelied && got !== want)).toEqual([])
  const differences = differencesFrom(readFileSync(join(root, 'docs/webgpu.md'), 'utf8'), stack, found)
  if (differences === null) console.info(`docs/webgpu.md has no column for ${stack}`)
  else expect(differences).toEqual([])
})
