/**
 * @file Writes the API reference to out/api, a page for each entry point, from the types and doc comments of the built package. Fails
 * for an exported symbol without a comment, and for a `name` in a comment that is nowhere declared.
 *
 * npm run docs:api
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { commentOf, namesIn, withNames } from './doc-comment.js'

const root = new URL('../', import.meta.url)
const out = new URL('out/api/', root)
const { exports, version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** Entry points: the import, the file of the page, the file of the types. */
const entries = Object.entries(exports).flatMap(([path, { types }]) =>
  types
    ? [
        {
          name: path.replace('.', 'pool2d'),
          page: `${path.slice(2) || 'pool2d'}.md`,
          file: fileURLToPath(new URL(types, root)),
        },
      ]
    : [],
)
for (const { file } of entries)
  if (!existsSync(file)) throw new Error(`${file} is not there; run npm run build:package`)

const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
  },
)
const checker = program.getTypeChecker()
const dist = fileURLToPath(new URL('dist/', root)).replaceAll('\\', '/')
const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(dist))

const resolved = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)

/** The names by which an entry point exports symbols. */
const exported = new Map(
  entries.map(({ name, file }) => {
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)))
    return [name, new Map(symbols.map((symbol) => [resolved(symbol), symbol.name]))]
  }),
)

/** The statements that declare a symbol of the package; empty for symbols of the language. */
function statementsOf(symbol) {
  return (symbol.declarations ?? [])
    .filter((declaration) => ours.includes(declaration.getSourceFile()))
    .map((declaration) => (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration))
    .filter((node) => ts.isSourceFile(node.parent))
}

const known = new Set([...exported.values()].flatMap((names) => [...names.keys()]))
const isType = ({ flags }) => (flags & ts.SymbolFlags.Type) !== 0

/** The package's symbols that a statement names: exported ones, and types that are not exported. */
function namedIn(statement) {
  const found = new Set()
  const visit = (node) => {
    const symbol = ts.isIdentifier(node) && checker.getSymbolAtLocation(node)
    if (symbol) found.add(resolved(symbol))
    node.forEachChild(visit)
  }
  visit(statement)
  return [...found].filter(
    (symbol) =>
      (known.has(symbol) || isType(symbol)) && statementsOf(symbol).some((each) => each !== statement),
  )
}

/** The exports of an entry point, and the types that they name without an export. */
function symbolsOf(name) {
  const symbols = [...exported.get(name).keys()]
  const hidden = new Set()
  for (const queue = [...symbols]; queue.length > 0; )
    for (const next of statementsOf(queue.pop()).flatMap(namedIn)) {
      if (known.has(next) || hidden.has(next)) continue
      hidden.add(next)
      queue.push(next)
    }
  return { symbols: symbols.sort(byName), hidden: [...hidden].sort(byName) }
}

/** The texts that an entry point's page describes, with their comments. */
function declarationsOf(name) {
  const { symbols, hidden } = symbolsOf(name)
  return [...symbols, ...hidden].flatMap(statementsOf).map((statement) => statement.getFullText())
}

const shown = (symbol) => symbol.name.replace(/\$\d+$/, '')
const byName = (a, b) => shown(a).localeCompare(shown(b), 'en')

/** A link to where a symbol is described, seen from a page. */
function linkTo(symbol, page) {
  const home = entries.find(({ name }) => exported.get(name).has(symbol))
  const name = home ? exported.get(home.name).get(symbol) : shown(symbol)
  return `[\`${name}\`](${home && home.page !== page ? home.page : ''}#${name})`
}

function section(symbol, page, title) {
  const statements = statementsOf(symbol)
  const code = statements.map((node) =>
    node
      .getText()
      .replace(/^(export )?(declare )?/, '')
      .replaceAll(/\$\d+\b/g, ''),
  )
  const named = new Set(statements.flatMap(namedIn))
  return [
    `<a id="${title}"></a>\n\n### ${title}`,
    `\`\`\`ts\n${code.join('\n')}\n\`\`\``,
    withNames(commentOf(statements[0]), (name, whole) => {
      const meant = exportOf(name, page)
      return meant ? linkTo(meant, page) : whole
    }),
    named.size > 0 ? `Types: ${[...named].map((each) => linkTo(each, page)).join(', ')}.` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

/** The symbol that an entry point exports by a name, the page's own first. */
function exportOf(name, page) {
  const own = entries.filter((entry) => entry.page === page)
  const all = [...own, ...entries].flatMap((entry) => [...exported.get(entry.name)])
  return all.find(([, each]) => each === name)?.[0]
}

function pageOf({ name, page }) {
  const { symbols, hidden } = symbolsOf(name)
  const own = exported.get(name)
  return [
    `# ${name}`,
    `Version ${version}. [All entry points](README.md)`,
    symbols.map((symbol) => linkTo(symbol, page)).join(' · '),
    ...symbols.map((symbol) => section(symbol, page, own.get(symbol))),
    ...(hidden.length > 0 ? ['## Types that these name'] : []),
    ...hidden.map((symbol) => section(symbol, page, shown(symbol))),
  ].join('\n\n')
}

/** True if a word is a name or a string of the declarations, or a name of the language. */
function isDeclared(word) {
  if (checker.resolveName(word, undefined, ts.SymbolFlags.All, false)) return true
  const visit = (node) =>
    ((ts.isIdentifier(node) || ts.isStringLiteral(node)) && node.text === word) ||
    ts.forEachChild(node, visit)
  return ours.some(visit)
}

function faults() {
  const bare = [...exported].flatMap(([entry, names]) =>
    [...names]
      .filter(([symbol]) => !statementsOf(symbol).some(commentOf))
      .map(([, name]) => `${entry}: ${name} has no doc comment`),
  )
  const named = new Map()
  for (const text of entries.flatMap(({ name }) => declarationsOf(name)))
    for (const [comment] of text.matchAll(/\/\*\*[\s\S]*?\*\//g))
      for (const name of namesIn(comment)) named.set(name, comment)
  const lost = [...named].filter(([name]) => !isDeclared(name))
  return [...bare, ...lost.map(([name, comment]) => `\`${name}\` is nowhere declared: ${comment}`)]
}

const wrong = faults()
for (const line of wrong) console.error(line)
if (wrong.length > 0) throw new Error(`${wrong.length} faults in doc comments`)

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const entry of entries) writeFileSync(new URL(entry.page, out), `${pageOf(entry)}\n`)
const list = entries.map(({ name, page }) => `- [\`${name}\`](${page}), ${exported.get(name).size} exports`)
writeFileSync(new URL('README.md', out), `# API of pool2d ${version}\n\n${list.join('\n')}\n`)
console.log(
  `out/api: ${[...exported.values()].reduce((sum, names) => sum + names.size, 0)} exports on ${entries.length} pages`,
)
