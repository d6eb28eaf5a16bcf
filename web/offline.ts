/**
 * @file What the build adds for places without a network: a service worker that knows the page's files, and the page as one .html file.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin, Rolldown } from 'vite'

const element = 'pool2d-explorer.js'

export function offline(): Plugin {
  return {
    name: 'offline',
    enforce: 'post',
    generateBundle(_, bundle) {
      const page = String((bundle['index.html'] as Rolldown.OutputAsset).source)
      const { code } = bundle[element] as Rolldown.OutputChunk
      this.emitFile({ type: 'asset', fileName: 'pool2d-playground.html', source: inOneFile(page, code) })
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: serviceWorker(Object.keys(bundle), code) })
    },
  }
}

/** The page with the element's code in it, in place of the script that loads it; what HTML would take for its own is escaped. */
function inOneFile(page: string, code: string): string {
  const bare = page.replace(/<script type="module".*?<\/script>|<link rel="modulepreload".*?>/g, '')
  const escaped = code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')
  const script = `<script type="module">${escaped}</script>`
  return bare.replace('</body>', () => `${script}</body>`)
}

function serviceWorker(files: readonly string[], code: string): string {
  const template = readFileSync(new URL('src/service-worker.js', import.meta.url), 'utf8')
  const version = createHash('sha256').update(code).digest('hex').slice(0, 12)
  return template
    .replace("['./']", JSON.stringify(['./', ...files]))
    .replace("'dev'", JSON.stringify(version))
}
