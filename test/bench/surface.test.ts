/**
 * The pure parts of the bench's surface: its points, its aims and its heat map.
 */
import { describe, expect, it } from 'vitest'
import { aims, geometricMean, outcomesOf } from '../../bench/surface/aims.ts'
import { dtypeNames, geometries, layouts, operations } from '../../bench/surface/axes.ts'
import { compositions } from '../../bench/surface/compositions.ts'
import { drawHeatMap, stepOf } from '../../bench/surface/heat-map.ts'
import { allPoints, exclusions, idOf, isInSample, type Point, product } from '../../bench/surface/points.ts'
import { elementsOf, shapeOf } from '../../bench/surface/shape.ts'
import { catalogue } from '../../src/ops/catalogue.ts'
import { sizeOf } from '../../src/tensor/shape.ts'

const points = allPoints()
const valuesOf = (nameOf: (point: Point) => string) => [...new Set(points.map(nameOf))].sort()
const pointOf = (id: string): Point => points.find((point) => idOf(point) === id)!

describe('points', () => {
  it('have names of their own', () => {
    expect(new Set(points.map(idOf)).size).toBe(points.length)
  })

  it('reach every value of every axis', () => {
    expect(valuesOf(({ operation }) => operation.id)).toEqual(operations.map(({ id }) => id).sort())
    expect(valuesOf(({ dtype }) => dtype)).toEqual([...dtypeNames].sort())
    expect(valuesOf(({ layout }) => layout.id)).toEqual(layouts.map(({ id }) => id).sort())
    expect(valuesOf(({ geometry }) => geometry.id)).toEqual(geometries.map(({ id }) => id).sort())
  })

  it('are left out for reasons that each leave something out', () => {
    for (const { reason, excludes } of exclusions) expect(product().some(excludes), reason).toBe(true)
  })

  it('name functions that there are', () => {
    for (const { operation, geometry, rank } of points) {
      const family = operation.families[geometry.kind]!
      const isNamed = family in compositions || geometry.kind === 'global'
      expect({ ...catalogue, ...compositions }).toHaveProperty(isNamed ? family : `${family}${rank}d`)
    }
  })

  it('have about as many elements as they should', () => {
    for (const point of points) {
      const ratio = sizeOf(shapeOf(point, elementsOf(point))) / elementsOf(point)
      expect(Math.abs(Math.log2(ratio)), idOf(point)).toBeLessThan(0.5)
    }
  })

  it('are in the sample with what they are set beside', () => {
    const sample = points.filter(isInSample)
    const results = sample.map((point) => ({ point, ms: 1, ratio: 1 }))
    const unseen = outcomesOf(results).filter((outcome) => outcome.points === 0)
    expect(unseen.map(({ title }) => title)).toEqual(['overlapping windows of 7'])
  })
})

describe('aims', () => {
  const [half, float] = ['max forward float16 2-D 2 s2 NCHW', 'max forward float32 2-D 2 s2 NCHW'].map(
    pointOf,
  )

  it('set times beside those of another point', () => {
    const title = 'float16 and bfloat16 ÷ float32 of the same shape'
    const outcome = (ms: number) =>
      outcomesOf([
        { point: half!, ms, ratio: 1 },
        { point: float!, ms: 1, ratio: 1 },
      ]).find((one) => one.title === title)
    expect(outcome(3)).toEqual({ title, most: 3, points: 1, missed: [] })
    expect(outcome(4)!.missed).toEqual([{ id: idOf(half!), value: 4 }])
  })

  it('leave out what was not measured', () => {
    const outcomes = outcomesOf([{ point: half!, ms: 1, ratio: 31 }])
    expect(outcomes.filter((one) => one.points > 0)).toEqual([
      { title: 'every point', most: 30, points: 1, missed: [{ id: idOf(half!), value: 31 }] },
    ])
  })

  it('are each about some points', () => {
    for (const { title, isFor } of aims) expect(points.some(isFor), title).toBe(true)
  })

  it('average ratios by their logarithms', () => {
    expect(geometricMean([1, 4, 16])).toBeCloseTo(4, 12)
  })
})

describe('the heat map', () => {
  const cell = { operation: 'max', dtype: 'int8', geometry: '2-D 2 s2', layout: 'NCHW', ratio: 3 }

  it('has a square for each point, in the colour of its ratio', () => {
    const svg = drawHeatMap('Title', 'Subtitle', [cell, { ...cell, layout: 'NHWC 3', ratio: 1000 }])
    const squares = [...svg.matchAll(/<path class="s(\d)" d="(M[^"]+)"/g)]
    expect(squares.map(([, step]) => Number(step))).toEqual([stepOf(3), stepOf(1000)])
    expect(squares[0]![2]).not.toBe(squares[1]![2])
    expect(svg).toContain('prefers-color-scheme: dark')
  })

  it('has more than one colour of ratios, in order', () => {
    expect([1, 2, 2.1, 30, 1e6].map(stepOf)).toEqual([0, 0, 1, 5, 7])
  })
})
