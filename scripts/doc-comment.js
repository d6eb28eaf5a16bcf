/**
 * @file A declaration's doc comment as Markdown.
 */
import ts from 'typescript'

/** The comment before a statement, its tags as lists and its examples as code; empty without one. */
export function commentOf(statement) {
  const text = ts.getJSDocCommentsAndTags(statement).filter(ts.isJSDoc).at(-1)?.getText() ?? ''
  const lines = text
    .replace(/^\/\*\*\s*|\s*\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
  return blocksOf(lines)
    .map(markdown)
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** Splits lines into blocks: a tag with its lines up to the next tag or, except for examples, the next empty line. */
function blocksOf(lines) {
  const blocks = [{ tag: '', lines: [] }]
  for (const line of lines) {
    const [, tag, rest] = line.match(/^@(\w+)\s*(.*)$/) ?? []
    const last = blocks.at(-1)
    if (tag) blocks.push({ tag, lines: [rest] })
    else if (line === '' && last.tag !== '' && last.tag !== 'example') blocks.push({ tag: '', lines: [''] })
    else last.lines.push(line)
  }
  return blocks
}

function markdown({ tag, lines }) {
  const text = lines.map((line) => (tag && tag !== 'example' ? line.trim() : line)).join('\n')
  if (tag === '') return text
  if (tag === 'example') return `\n\`\`\`ts\n${text.trim()}\n\`\`\`\n`
  if (tag !== 'param') return `- ${tag}: ${text}`
  const [name, ...words] = text.split(/\s+/)
  return `- \`${name}\`: ${words.join(' ')}`
}

const quoted = /`([A-Za-z_]\w*)`/g

/** The names that stand in backticks. */
export function namesIn(text) {
  return Array.from(text.matchAll(quoted), ([, name]) => name)
}

/** Replaces each name in backticks outside of code blocks. */
export function withNames(text, replace) {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, i) => (i % 2 ? part : part.replaceAll(quoted, (whole, name) => replace(name, whole))))
    .join('')
}
