/**
 * @file The two languages hold the same shape, every Chinese sentence is Chinese, and a missing key fails the build's type check; what was
 * found wrong in sentences stays right.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { en } from '../src/i18n/en.ts'
import { languageOf } from '../src/i18n/index.ts'
import { zh } from '../src/i18n/zh.ts'
import { remarkSentences } from '../src/model/sentence.ts'
import { bugs } from '../src/model/tutorial.ts'

type Leaf = readonly [path: string, value: string | ((...values: never[]) => string)]

function leaves(table: object, path = ''): Leaf[] {
  return Object.entries(table).flatMap(([key, value]): Leaf[] => {
    if (typeof value === 'number') return []
    return typeof value === 'object' ? leaves(value, `${path}.${key}`) : [[`${path}.${key}`, value]]
  })
}

const filler = ['1', '2', '3', '4'] as never[]
const said = ([path, value]: Leaf): Leaf => [path, typeof value === 'string' ? value : value(...filler)]

/** Not words: code, states, numbers and names, which read the same everywhere. */
const untranslatable =
  /\.(state|pasteExample|size|second|difference)$|\.options\.\d$|terms\.rows\.\d+\.[01]$|autoPadHead\.0$/
const sentences = (table: object): Leaf[] =>
  leaves(table)
    .filter(([path]) => !untranslatable.test(path))
    .map(said)

test('both tables have the same keys', () => {
  expect(leaves(zh).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path))
})

test('nothing is left untranslated', () => {
  const isChinese = ([, value]: Leaf): boolean => /[\u4e00-\u9fff]/.test(value as string)
  expect(sentences(zh).filter((leaf) => !isChinese(leaf))).toEqual([])
  expect(sentences(en).filter((leaf) => isChinese(leaf) && !leaf[0].startsWith('.terms.'))).toEqual([])
})

test('a sentence that is missing in one language fails the type check that the build begins with', () => {
  const folder = join(import.meta.dirname, '../src/i18n')
  const file = join(folder, 'zh.ts')
  const whole = readFileSync(file, 'utf8')
  const lacking = whole.replace(/ {4}pause: .*\n/, '')
  expect(lacking).not.toBe(whole)
  expect(errorsOf(file, whole)).toEqual([])
  expect(errorsOf(file, lacking).join()).toContain("Property 'pause' is missing")
  const scripts = createRequire(import.meta.url)('../package.json').scripts
  expect(scripts.build).toMatch(/^svelte-check .*&& vite build$/)
})

test('Chinese words that mislead do not come back', () => {
  const all = readFileSync(join(import.meta.dirname, '../src/i18n/zh.ts'), 'utf8')
  for (const word of ['早于', '折点', '括线', '开始比赛', '配色', '整个平面与还原'])
    expect(all).not.toContain(word)
  expect(all.match(/(?<!内嵌框架（)iframe/g)).toBe(null)
  expect(zh.remarks.bin(4)).toContain('窗口')
})

test('what is said of a NaN is so: an average has no place of one', () => {
  for (const words of [en, zh]) {
    expect(remarkSentences(words, { kind: 'nan', picks: false })).toEqual([words.remarks.nan])
    expect(remarkSentences(words, { kind: 'nan', picks: true })).toEqual([words.remarks.nanPicked])
  }
  expect(en.remarks.nan).not.toContain('place')
  expect(zh.remarks.nan).not.toContain('位置')
})

test('as many loops and faults are said as the tutorial’s code and its page have', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8')
  const count = ['no', 'one', 'two', 'three', 'four', 'five']
  const [, indices] = read('web/src/panels/TutorialPanel.svelte').match(/out\[:, :, (.*?)\] = x/)!
  expect(en.tutorial.lead).toContain(`with ${count[indices!.split(', ').length]} nested loops`)
  const faults = read('docs/tutorial.md').match(/^## \d\. /gm)!.length
  expect(en.tutorial.lead.toLowerCase()).toContain(`${count[faults]} things go wrong`)
  expect(bugs).toHaveLength(faults - 1)
})

function errorsOf(file: string, content: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    types: [],
    lib: ['lib.es2023.d.ts'],
    skipLibCheck: true,
  }
  const host = ts.createCompilerHost(options)
  const read = host.readFile.bind(host)
  host.readFile = (name) => (name === file ? content : read(name))
  const { getSourceFile } = host
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, content, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

test('the browser’s languages decide, in their order', () => {
  expect(languageOf(['zh-TW', 'en'])).toBe('zh')
  expect(languageOf(['fr', 'en-GB', 'zh'])).toBe('en')
  expect(languageOf(['fr'])).toBe('en')
})
