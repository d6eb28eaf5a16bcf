/**
 * @file F17: a playground that keeps what has gone, drops what it was given, or says what is not so.
 */
const read = { tests: ['web/test/read-matrix.test.ts'] }
const said = { tests: ['web/test/i18n.test.ts'] }
const drive = (file, named) => ({ tests: [`web/test/${file}.test.ts`], named })

export const playground = {
  title: 'a playground that keeps what has gone, drops what it was given, or says what is not so',
  tests: [],
  mutants: [
    {
      name: 'an exercise outlives its scene',
      file: 'web/src/panels/PredictPanel.svelte',
      find: '{#key [scene, channel]}',
      replace: '{#key channel}',
      ...drive('stale', 'an exercise that was checked ends'),
    },
    {
      name: 'an edit outlives its matrix',
      file: 'web/src/views/Matrix.svelte',
      find: 'edited?.plane === plane ? edited.place : null',
      replace: 'edited === null ? null : edited.place',
      ...drive('stale', 'an edit ends with its matrix'),
    },
    {
      name: 'what was read outlives its numbers',
      file: 'web/src/views/InputPicker.svelte',
      find: 'message?.isError || message?.input === explorer.state.input ? message : null',
      replace: 'message',
      ...drive('stale', 'times and what was read go'),
    },
    {
      name: 'the output under the mouse is shown again after playing',
      file: 'web/src/app/explorer.svelte.ts',
      find: 'const from = this.shown\n    this.pointed = null\n',
      replace: 'const from = this.shown\n',
      ...drive('stale', 'Space plays from the output'),
    },
    {
      name: 'the picture is not scrolled to',
      file: 'web/src/views/Stage.svelte',
      find: "  stage.scrollIntoView({ block: 'start' })\n",
      replace: '',
      ...drive('stale', 'showing an answer of the quiz'),
    },
    {
      name: 'an answer of the quiz is shown as question marks',
      file: 'web/src/panels/PredictPanel.svelte',
      find: 'isOpen={isAnswered}',
      replace: 'isOpen={false}',
      ...drive('stale', 'showing an answer of the quiz'),
    },
    {
      name: 'a photograph’s pooling that is no longer wanted runs on',
      file: 'web/src/panels/photo-worker.ts',
      find: '    if (this.#begun !== null && performance.now() - this.#begun > restartAfter) await this.cancel()\n',
      replace: '',
      ...drive('stale', 'the grid does not wait'),
    },
    {
      name: 'text typed into a cell reverts without a word',
      file: 'web/src/views/Matrix.svelte',
      find: 'value === undefined\n      ? words.grid.notNumber(text, formatCell(old))',
      replace: 'value === undefined\n      ? null',
      ...drive('settings', 'what is typed into a cell'),
    },
    {
      name: 'controls move while stepping',
      file: 'web/src/views/Stage.svelte',
      find: "(sentences.join('').length > most.join('').length ? sentences : most)",
      replace: 'most',
      ...drive('picture', 'stepping moves no control'),
    },
    {
      name: 'frames have a strip of another colour',
      file: 'web/src/panels/export.ts',
      find: 'context.fillStyle = ground',
      replace: "context.fillStyle = '#e9e4d8'",
      ...drive('page', 'the picture is the command line'),
    },
    {
      name: 'the tutorial has four loops',
      file: 'web/src/i18n/en.ts',
      find: 'pools with two nested loops',
      replace: 'pools with four nested loops',
      ...said,
    },
    {
      name: 'padding cells have no names',
      file: 'web/src/views/Matrix.svelte',
      find: '                aria-label={words.grid.around(row + 1, column + 1, zone)}\n',
      replace: '',
      ...drive('picture', 'padding is told'),
    },
    {
      name: 'the snippet to embed names the playground’s own address',
      file: 'web/src/panels/SharePanel.svelte',
      find: 'src="pool2d-explorer.js"',
      replace: `src="\${new URL('pool2d-explorer.js', page).href}"`,
      ...drive('page', 'the element is embedded'),
    },
    {
      name: 'numbers parted by spaces alone are one word',
      file: 'web/src/model/read-matrix.ts',
      find: '[^\\s,[\\]]+/g',
      replace: '[^,[\\]]+/g',
      ...read,
    },
    {
      name: 'the name and the options around an array are read as numbers',
      file: 'web/src/model/read-matrix.ts',
      find: ".replace(/(,\\s*\\w+=[^[\\]]*)*\\)$/, '')",
      replace: ".replace(/\\)$/, '')",
      ...read,
    },
    {
      name: 'Chinese commas do not part numbers',
      file: 'web/src/model/read-matrix.ts',
      find: '/[，、]/g',
      replace: '/[、]/g',
      ...read,
    },
    {
      name: 'the kept page is not taken without a network',
      file: 'web/src/service-worker.js',
      find: 'return kept ?? Response.error()',
      replace: 'return Response.error()',
      ...drive('offline', 'a page that was opened once'),
    },
    {
      name: 'the page in one file loads files beside it',
      file: 'web/offline.ts',
      find: 'page.replace(/<script type="module".*?<\\/script>|<link rel="modulepreload".*?>/g, \'\')',
      replace: 'page',
      ...drive('offline', 'the page in one file'),
    },
    {
      name: 'a Chinese word means earlier where it should mean less',
      file: 'web/src/i18n/zh.ts',
      find: '} 开始，小于 in',
      replace: '} 开始，早于 in',
      ...said,
    },
    {
      name: 'a refusal stays English in Chinese',
      file: 'web/src/i18n/refusals.ts',
      find: "  [/Ask for a smaller output or window\\./, '请减小输出或窗口。'],\n",
      replace: '',
      tests: ['web/test/refusals.test.ts'],
    },
  ],
}
