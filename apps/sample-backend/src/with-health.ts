import { answerJson } from './answer-json.js';
import type { HttpHandler } from './faults/http-service.js';

/** `/health` answers whoever asks; everything else is for `answer`. */
export function withHealth(answer: HttpHandler): HttpHandler {
  return (req, res) => (req.url === '/health' ? answerJson(res, 200, { status: 'ok' }) : answer(req, res));
}
