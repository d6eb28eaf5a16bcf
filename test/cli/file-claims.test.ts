/**
 * Claims in a folder that ignores case. The file system is mocked, because this machine may not have such a folder.
 */
import { resolve } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { FileClaims } from '../../src/cli/files/file-claims.ts'

const disk = vi.hoisted(() => ({ ignoresCase: false }))
vi.mock('node:fs', () => ({
  realpathSync: { native: (path: string) => path },
  readdirSync: () => ['7', 'photo.jpg'],
  lstatSync: (path: string) =>
    path.endsWith('photo.jpg') || disk.ignoresCase ? { dev: 1n, ino: 2n } : undefined,
}))

let claims: FileClaims
beforeEach(() => {
  claims = new FileClaims()
  claims.claim(resolve('/out/Photo.png'), 'one')
})

test.each([
  ['photo.PNG', 'Photo.png'],
  ['e\u0301.png', '\u00e9.png'],
])('%s and %s are one file where case is ignored, else two', (name, other) => {
  for (const ignoresCase of [true, false]) {
    disk.ignoresCase = ignoresCase
    const found = new FileClaims()
    found.claim(resolve('/out', other), 'one')
    expect(found.claim(resolve('/out', name), 'two')).toBe(ignoresCase ? 'one' : undefined)
  }
})

test('ownerOf gives the owner of a path', () => {
  expect(claims.ownerOf(resolve('/out/Photo.png'))).toBe('one')
  expect(claims.ownerOf(resolve('/out/other.png'))).toBeUndefined()
  expect(claims.ownerOf(resolve('/elsewhere/Photo.png'))).toBeUndefined()
})
