export { startSampleBackend, type SampleBackend, type SampleBackendOptions } from './sample-backend.js';
export { type Fault } from './faults/fault-board.js';
export { ListenError } from './faults/listen.error.js';
export { Browser, type Page } from './browser/browser.js';
export { passwordAcr, secondFactorAcr } from './identity/acr.js';
export { claimedRedirectUri, developmentClientSecret } from './identity/clients.js';
export { everyScope } from './identity/scopes.js';
export { signIn, type SignedIn, type SignInOptions } from './identity/sign-in.js';
export {
  signInAtGateway,
  type GatewaySignInOptions,
  type SignedInAtGateway,
} from './identity/sign-in-at-gateway.js';
export { submitSignInForm, type Credentials } from './identity/submit-sign-in-form.js';
export { type ListenerName, type ServiceName } from './service.js';
