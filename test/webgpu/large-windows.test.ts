import { afterAll, beforeAll, expect, it } from 'vitest'
import { Context } from '../../src/adapters/webgpu/context.ts'
import { requestDevice } from '../../src/adapters/webgpu/device.ts'
import { locatedPassesOf, loopPass, passesOf } from '../../src/adapters/webgpu/passes.ts'
import './adapter.ts'
import { largeWindows, tryLargeWindows } from './large-windows.ts'

let context: Context
beforeAll(async () => {
  context = new Context(await requestDevice(), true)
})
afterAll(() => context.dispose())

async function tryKind(kind: keyof typeof largeWindows): Promise<void> {
  const begin = performance.now()
  const { wrong, compared } = await tryLargeWindows(context, kind)
  console.info(`${kind}: ${compared} jobs in ${Math.round(performance.now() - begin)} ms`)
  expect(wrong.slice(0, 12).join('\n')).toBe('')
}

it('windows whose axes hand on partial results keep the contract', { timeout: 300_000 }, async () => {
  expect(largeWindows.partial.map(([name]) => name)).toContain('31 s1')
  await tryKind('partial')
})

it.each([
  ['doubled', 'doubling'],
  ['trees', 'tree'],
  ['shared', 'shared'],
] as const)('windows that are %s keep the contract', { timeout: 300_000 }, async (kind, method) => {
  for (const [name, plan] of largeWindows[kind]) {
    const methods = [...passesOf(plan), ...locatedPassesOf(plan), loopPass(plan)].map((pass) => pass.method)
    expect(methods, name).toContain(method)
  }
  await tryKind(kind)
})
