// Opens PDFs with PDF.js, which is loaded with the first one. Everything it needs comes from our own origin.
import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy, PageViewport } from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';

export type { PDFDocumentProxy, PDFPageProxy };

/** A second page of device pixels costs four times the memory of the first. */
const MOST_PIXEL_RATIO = 2;

const RESOURCES = {
  cMapUrl: '/assets/pdf/cmaps/',
  cMapPacked: true,
  standardFontDataUrl: '/assets/pdf/standard_fonts/',
  wasmUrl: '/assets/pdf/wasm/',
  // The page's policy does not let scripts compile WebAssembly; the decoders have a plain fallback.
  useWasm: false,
  useWorkerFetch: true,
  enableXfa: false,
};

async function library() {
  const pdfjs = await import('pdfjs-dist');
  pdfjs.GlobalWorkerOptions.workerSrc = workerUrl;
  return pdfjs;
}

export interface OpenedPdf {
  document: PDFDocumentProxy;
  close: () => void;
}

export async function openPdf(url: string): Promise<OpenedPdf> {
  const pdfjs = await library();
  const task: PDFDocumentLoadingTask = pdfjs.getDocument({ url, ...RESOURCES });
  const document = await task.promise;
  return { document, close: () => void task.destroy() };
}

/** What can be stopped before it is through. */
export interface Drawing {
  done: Promise<void>;
  cancel: () => void;
}

/** Draws a page, and lays its text over it, so that it can be selected, found and read aloud. */
export function draw(
  page: PDFPageProxy,
  scale: number,
  canvas: HTMLCanvasElement,
  text: HTMLElement,
): Drawing {
  const viewport = page.getViewport({ scale });
  const ratio = Math.min(devicePixelRatio, MOST_PIXEL_RATIO);
  // Drawn aside and shown when ready: a change of size does not flash.
  const sheet = document.createElement('canvas');
  sheet.width = Math.floor(viewport.width * ratio);
  sheet.height = Math.floor(viewport.height * ratio);
  const task = page.render({ canvas: sheet, viewport, transform: [ratio, 0, 0, ratio, 0, 0] });
  let cancelled = false;
  const done = task.promise.then(async () => {
    if (cancelled) return;
    canvas.width = sheet.width;
    canvas.height = sheet.height;
    canvas.getContext('2d')?.drawImage(sheet, 0, 0);
    await layText(page, viewport, text);
  });
  return {
    done: done.catch((thrown: unknown) => {
      if (!cancelled) throw thrown;
    }),
    cancel: () => {
      cancelled = true;
      task.cancel();
    },
  };
}

async function layText(page: PDFPageProxy, viewport: PageViewport, container: HTMLElement): Promise<void> {
  const { TextLayer } = await library();
  container.replaceChildren();
  container.style.setProperty('--total-scale-factor', String(viewport.scale));
  await new TextLayer({ textContentSource: page.streamTextContent(), container, viewport }).render();
}
