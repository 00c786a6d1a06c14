import { SetMetadata } from '@nestjs/common';

const FORM = 'bff:form';

/** A route whose body is a form (`application/x-www-form-urlencoded`): any page can make a browser send one. */
export const TakesForm = (): MethodDecorator => SetMetadata(FORM, true);

export function takesForm(handler: object): boolean {
  return Reflect.getMetadata(FORM, handler) === true;
}
