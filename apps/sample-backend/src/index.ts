export { startSampleBackend, type SampleBackend, type SampleBackendOptions } from './sample-backend.js';
export { type Fault } from './faults/fault-board.js';
export { ListenError } from './faults/listen.error.js';
export { developmentClientSecret } from './identity/clients.js';
export { everyScope } from './identity/scopes.js';
export { signIn, type SignedIn, type SignInOptions } from './identity/sign-in.js';
export { submitSignInForm, type Credentials } from './identity/submit-sign-in-form.js';
export { type ListenerName, type ServiceName } from './service.js';
