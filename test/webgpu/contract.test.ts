import { afterAll, beforeAll, expect, it } from 'vitest'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import './adapter.ts'
import { trials, tryContract } from './contract.ts'

const count = Number(process.env.POOL2D_RANDOM_PLANS ?? 3)
const seed = Number(process.env.POOL2D_SEED ?? 1)

let context: Context
beforeAll(async () => {
  context = new Context(await requestDevice(), true)
})
afterAll(() => context.dispose())

it.each(Object.keys(trials))('%s on random plans', async (group) => {
  const begin = performance.now()
  const { wrong, compared } = await tryContract(context, group, count, { seed })
  console.info(`${group}: ${compared} jobs in ${Math.round(performance.now() - begin)} ms`)
  expect(wrong.slice(0, 8).join('\n'), `POOL2D_SEED=${seed} repeats this`).toBe('')
  expect(compared).toBeGreaterThan(0)
})
