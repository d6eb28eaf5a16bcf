import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as pool from '../../src/index.ts'

const root = new URL('../../', import.meta.url)
const pkg = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

const docs = (): string[] =>
  readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`)

it('has no run-time dependencies, and only optional peers', () => {
  expect(pkg.dependencies ?? {}).toEqual({})
  for (const peer of Object.keys(pkg.peerDependencies ?? {})) {
    expect(pkg.peerDependenciesMeta?.[peer], peer).toEqual({ optional: true })
  }
})

it('pins its tools exactly, so a build is the same everywhere', () => {
  const loose = Object.entries(pkg.devDependencies as Record<string, string>).filter(
    ([, version]) => !/^\d/.test(version),
  )
  expect(loose).toEqual([])
})

it('puts types first in every export', () => {
  for (const [path, target] of Object.entries(pkg.exports)) {
    if (typeof target === 'object') expect(Object.keys(target as object)[0], path).toBe('types')
  }
})

it('has in it whatever its documents link to', () => {
  const published: string[] = [...pkg.files, 'README.md', 'LICENSE', 'package.json']
  const documents = ['README.md', ...published.filter((name) => name.endsWith('.md')), ...docs()]
  for (const name of new Set(documents)) {
    const text = readFileSync(new URL(name, root), 'utf8')
    for (const [, link] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (link!.includes(':')) continue
      const path = new URL(link!, new URL(name, root)).href.slice(root.href.length)
      expect(existsSync(new URL(path, root)), `${name}: ${link}`).toBe(true)
      expect(
        published.some((each) => path === each || path.startsWith(`${each}/`)),
        `${name}: ${link}`,
      ).toBe(true)
    }
  }
})

it('exports these names from its root', () => {
  expect(Object.keys(pool).sort()).toMatchInlineSnapshot(`
    [
      "AdaptiveAvgPool1d",
      "AdaptiveAvgPool2d",
      "AdaptiveAvgPool3d",
      "AdaptiveMaxPool1d",
      "AdaptiveMaxPool2d",
      "AdaptiveMaxPool3d",
      "AdaptiveRmsPool1d",
      "AdaptiveRmsPool2d",
      "AdaptiveRmsPool3d",
      "AdaptiveStdPool1d",
      "AdaptiveStdPool2d",
      "AdaptiveStdPool3d",
      "AdaptiveSumPool1d",
      "AdaptiveSumPool2d",
      "AdaptiveSumPool3d",
      "AdaptiveVarPool1d",
      "AdaptiveVarPool2d",
      "AdaptiveVarPool3d",
      "AvgPool1d",
      "AvgPool2d",
      "AvgPool3d",
      "FractionalMaxPool2d",
      "FractionalMaxPool3d",
      "LPPool1d",
      "LPPool2d",
      "LPPool3d",
      "MaxPool1d",
      "MaxPool2d",
      "MaxPool3d",
      "MaxUnpool1d",
      "MaxUnpool2d",
      "MaxUnpool3d",
      "MinPool1d",
      "MinPool2d",
      "MinPool3d",
      "Pool2D",
      "PoolError",
      "RmsPool1d",
      "RmsPool2d",
      "RmsPool3d",
      "StdPool1d",
      "StdPool2d",
      "StdPool3d",
      "SumPool1d",
      "SumPool2d",
      "SumPool3d",
      "Tensor",
      "VarPool1d",
      "VarPool2d",
      "VarPool3d",
      "WasmMemory",
      "adaptiveAvgPool1d",
      "adaptiveAvgPool1dBackward",
      "adaptiveAvgPool2d",
      "adaptiveAvgPool2dBackward",
      "adaptiveAvgPool3d",
      "adaptiveAvgPool3dBackward",
      "adaptiveMaxPool1d",
      "adaptiveMaxPool1dBackward",
      "adaptiveMaxPool2d",
      "adaptiveMaxPool2dBackward",
      "adaptiveMaxPool3d",
      "adaptiveMaxPool3dBackward",
      "adaptiveRmsPool1d",
      "adaptiveRmsPool1dBackward",
      "adaptiveRmsPool2d",
      "adaptiveRmsPool2dBackward",
      "adaptiveRmsPool3d",
      "adaptiveRmsPool3dBackward",
      "adaptiveStdPool1d",
      "adaptiveStdPool1dBackward",
      "adaptiveStdPool2d",
      "adaptiveStdPool2dBackward",
      "adaptiveStdPool3d",
      "adaptiveStdPool3dBackward",
      "adaptiveSumPool1d",
      "adaptiveSumPool1dBackward",
      "adaptiveSumPool2d",
      "adaptiveSumPool2dBackward",
      "adaptiveSumPool3d",
      "adaptiveSumPool3dBackward",
      "adaptiveVarPool1d",
      "adaptiveVarPool1dBackward",
      "adaptiveVarPool2d",
      "adaptiveVarPool2dBackward",
      "adaptiveVarPool3d",
      "adaptiveVarPool3dBackward",
      "avgPool1d",
      "avgPool1dBackward",
      "avgPool2d",
      "avgPool2dBackward",
      "avgPool3d",
      "avgPool3dBackward",
      "explain",
      "fractionalMaxPool2d",
      "fractionalMaxPool2dBackward",
      "fractionalMaxPool3d",
      "fractionalMaxPool3dBackward",
      "globalAvgPool",
      "globalAvgPoolBackward",
      "globalLpPool",
      "globalLpPoolBackward",
      "globalMaxPool",
      "globalMaxPoolBackward",
      "globalRmsPool",
      "globalRmsPoolBackward",
      "globalStdPool",
      "globalStdPoolBackward",
      "globalSumPool",
      "globalSumPoolBackward",
      "globalVarPool",
      "globalVarPoolBackward",
      "info",
      "init",
      "isPoolError",
      "lpPool1d",
      "lpPool1dBackward",
      "lpPool2d",
      "lpPool2dBackward",
      "lpPool3d",
      "lpPool3dBackward",
      "maxPool1d",
      "maxPool1dBackward",
      "maxPool2d",
      "maxPool2dBackward",
      "maxPool3d",
      "maxPool3dBackward",
      "maxUnpool1d",
      "maxUnpool1dBackward",
      "maxUnpool2d",
      "maxUnpool2dBackward",
      "maxUnpool3d",
      "maxUnpool3dBackward",
      "minPool1d",
      "minPool1dBackward",
      "minPool2d",
      "minPool2dBackward",
      "minPool3d",
      "minPool3dBackward",
      "outputShape",
      "rand",
      "rmsPool1d",
      "rmsPool1dBackward",
      "rmsPool2d",
      "rmsPool2dBackward",
      "rmsPool3d",
      "rmsPool3dBackward",
      "stdPool1d",
      "stdPool1dBackward",
      "stdPool2d",
      "stdPool2dBackward",
      "stdPool3d",
      "stdPool3dBackward",
      "sumPool1d",
      "sumPool1dBackward",
      "sumPool2d",
      "sumPool2dBackward",
      "sumPool3d",
      "sumPool3dBackward",
      "tensor",
      "threads",
      "varPool1d",
      "varPool1dBackward",
      "varPool2d",
      "varPool2dBackward",
      "varPool3d",
      "varPool3dBackward",
      "withBackend",
      "zeros",
    ]
  `)
})
