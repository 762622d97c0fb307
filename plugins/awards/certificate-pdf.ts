import PDFDocument from 'pdfkit'
import { encode } from 'uqr'

/** What stands on one certificate. */
export interface PrintedCertificate {
  number: string
  checkNumber: string
  date: string
  /** Line above the text: whose it is. */
  holder: string
  text: string
}

export interface CertificateSheet {
  heading: string
  issuer: string
  /** Number and check number in words. */
  numberLine(certificate: PrintedCertificate): string
  fonts: { regular: string; bold: string }
  /** Picture of the seal; without one `specimen` is printed across the page. */
  seal?: Uint8Array
  specimen: string
}

const page = { width: 841.89, height: 595.28 } as const
const inset = 90
const QR_SIZE = 76
const red = '#a8201a'

/** All certificates in one file for printing: A4 landscape, a page each. */
export function printCertificates(
  certificates: readonly PrintedCertificate[],
  sheet: CertificateSheet,
): Promise<Buffer> {
  const document = new PDFDocument({ size: 'A4', layout: 'landscape', margin: 0, autoFirstPage: false })
  document.registerFont('regular', sheet.fonts.regular)
  document.registerFont('bold', sheet.fonts.bold)
  const chunks: Buffer[] = []
  const written = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => resolve(Buffer.concat(chunks)))
    document.on('error', reject)
  })
  for (const certificate of certificates) {
    document.addPage()
    drawFrame(document)
    drawText(document, certificate, sheet)
    drawNumber(document, certificate, sheet)
    drawSeal(document, sheet)
  }
  document.end()
  return written
}

type Page = InstanceType<typeof PDFDocument>

function drawFrame(document: Page): void {
  for (const [margin, width] of [
    [24, 5],
    [34, 1.2],
  ] as const) {
    document
      .lineWidth(width)
      .strokeColor(red)
      .rect(margin, margin, page.width - 2 * margin, page.height - 2 * margin)
      .stroke()
  }
}

function drawText(document: Page, { holder, text }: PrintedCertificate, { heading }: CertificateSheet): void {
  const width = page.width - 2 * inset
  document.font('bold').fontSize(54).fillColor(red).text(heading, inset, 84, { width, align: 'center' })
  document.font('bold').fontSize(26).fillColor('#1b1b1b').text(holder, inset, 196, { width })
  document
    .font('regular')
    .fontSize(24)
    .text(text, inset, document.y + 14, { width, lineGap: 14, indent: 48 })
}

function drawNumber(document: Page, certificate: PrintedCertificate, sheet: CertificateSheet): void {
  const bottom = page.height - 60
  const left = 66
  drawCode(document, `${certificate.number} ${certificate.checkNumber}`, { x: left, y: bottom - QR_SIZE })
  document
    .font('regular')
    .fontSize(11)
    .fillColor('#444444')
    .text(sheet.numberLine(certificate), left + QR_SIZE + 12, bottom - 34, { width: 300 })
  const right = { width: 320, align: 'center' } as const
  document.font('regular').fontSize(22).fillColor('#1b1b1b')
  document.text(sheet.issuer, page.width - inset - 320, bottom - 96, right)
  document.text(certificate.date, page.width - inset - 320, bottom - 58, right)
}

/** A QR code as squares, sharp at any size. */
function drawCode(document: Page, text: string, at: { x: number; y: number }): void {
  const { data } = encode(text, { ecc: 'M', border: 0 })
  const unit = QR_SIZE / data.length
  for (const [row, cells] of data.entries()) {
    for (const [column, isDark] of cells.entries()) {
      if (isDark) document.rect(at.x + column * unit, at.y + row * unit, unit + 0.1, unit + 0.1)
    }
  }
  document.fill('#1b1b1b')
}

function drawSeal(document: Page, { seal, specimen }: CertificateSheet): void {
  if (seal) {
    document.image(Buffer.from(seal), page.width - inset - 220, page.height - 190, { fit: [120, 120] })
    return
  }
  document.save()
  document.rotate(-24, { origin: [page.width / 2, page.height / 2] })
  document.font('bold').fontSize(150).fillOpacity(0.1).fillColor('#777777')
  document.text(specimen, 0, page.height / 2 - 100, { width: page.width, align: 'center' })
  document.restore()
}
