/**
 * Places in a folder that ignores case, which this machine may not have: what the file system answers is put in its mouth.
 */
import { resolve } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { Places } from '../../src/cli/files/places.ts'

const disk = vi.hoisted(() => ({ ignoresCase: false }))
vi.mock('node:fs', () => ({
  realpathSync: { native: (path: string) => path },
  readdirSync: () => ['7', 'photo.jpg'],
  lstatSync: (path: string) =>
    path.endsWith('photo.jpg') || disk.ignoresCase ? { dev: 1n, ino: 2n } : undefined,
}))

let places: Places
beforeEach(() => {
  places = new Places()
  places.claim(resolve('/out/Photo.png'), 'one')
})

test.each([
  ['photo.PNG', 'Photo.png'],
  ['e\u0301.png', '\u00e9.png'],
])('%s and %s are one place where case is ignored, two elsewhere', (name, other) => {
  for (const ignoresCase of [true, false]) {
    disk.ignoresCase = ignoresCase
    const found = new Places()
    found.claim(resolve('/out', other), 'one')
    expect(found.claim(resolve('/out', name), 'two')).toBe(ignoresCase ? 'one' : undefined)
  }
})

test('whoever has a place is known', () => {
  expect(places.ownerOf(resolve('/out/Photo.png'))).toBe('one')
  expect(places.ownerOf(resolve('/out/other.png'))).toBeUndefined()
  expect(places.ownerOf(resolve('/elsewhere/Photo.png'))).toBeUndefined()
})
