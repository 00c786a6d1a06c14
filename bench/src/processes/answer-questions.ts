export interface Question {
  readonly ask: string;
  readonly detail?: unknown;
}

/** What a process said to a question. */
export type Reply = { readonly answer: unknown } | { readonly failure: string };

type Answers = Readonly<Record<string, (detail: never) => unknown>>;

/** Answers what the benchmark asks this process over IPC, and ends the process when the benchmark is gone. */
export function answerQuestions(answers: Answers): void {
  process.on('message', (question: Question) => {
    void replyTo(question, answers).then((reply) => process.send?.(reply));
  });
  process.once('disconnect', () => process.exit());
}

async function replyTo({ ask, detail }: Question, answers: Answers): Promise<Reply> {
  try {
    return { answer: await answers[ask]?.(detail as never) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
