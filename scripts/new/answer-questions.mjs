import { createInterface } from 'node:readline/promises';

/**
 * Asks what the flags do not say. A question is `{ flag, text, otherwise?, read }`: `read` turns the text into what is
 * meant or throws with what is wrong with it; `otherwise` is what an empty answer means, and may depend on the answers
 * before. Without a terminal, a flag that is missing and has no `otherwise` is an error.
 */
export async function answerQuestions(questions, flags) {
  const terminal = process.stdin.isTTY && createInterface({ input: process.stdin, output: process.stderr });
  const answers = {};
  try {
    for (const question of questions) {
      answers[question.flag] = await answer(question, flags[question.flag], { answers, terminal });
    }
  } finally {
    if (terminal) terminal.close();
  }
  return answers;
}

async function answer({ flag, text, otherwise, read }, given, { answers, terminal }) {
  const usual = typeof otherwise === 'function' ? otherwise(answers) : otherwise;
  if (given !== undefined) return read(given, answers);
  if (!terminal && usual === undefined) throw new Error(`--${flag} is missing: ${text}`);
  if (!terminal) return read(usual, answers);
  for (;;) {
    const typed = await terminal.question(`${text}${usual === undefined ? '' : ` (${usual})`}: `);
    try {
      return read(typed.trim() || usual || '', answers);
    } catch (error) {
      console.error(error.message);
    }
  }
}
