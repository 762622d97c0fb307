import { makeData } from './score-data'
for (const a of process.argv.slice(2)) { const [n,ids,size]=a.split(':'); console.log(makeData(Number(n)*1e6, ids==='ids', Number(size??42))) }
