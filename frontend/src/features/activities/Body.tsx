import { Suspense } from "react";
import type { Ref } from "@/api/types";
import { lazyNamed } from "@/lib/lazy";
import { readable } from "./mentions";

const MarkdownText = lazyNamed(() =>
  import("./MarkdownText").then((module) => module.MarkdownText),
);

/** What somebody wrote: as plain lines at once, and with its Markdown as soon as that can be read. */
export function Body({ text, mentions }: { text: string; mentions: Ref[] }) {
  return (
    <div className="mt-0.5 flex flex-col gap-1.5 break-words [&_:is(ol,ul)]:pl-5 [&_:is(p,li)]:whitespace-pre-line [&_blockquote]:border-line-strong [&_blockquote]:border-l-2 [&_blockquote]:pl-2 [&_blockquote]:text-fg2 [&_code]:rounded [&_code]:bg-hover [&_code]:px-1 [&_ol]:list-decimal [&_pre]:overflow-x-auto [&_pre]:whitespace-pre-wrap [&_ul]:list-disc">
      <Suspense fallback={<p>{readable(text, mentions)}</p>}>
        <MarkdownText text={text} mentions={mentions} />
      </Suspense>
    </div>
  );
}
