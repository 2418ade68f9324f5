# The portal's sentences in Spanish. Not yet reviewed by a speaker.

# The form
new-ticket-title = Pedir ayuda
new-ticket-reporting-as = Solicitud de { $person } para { $asset }
new-ticket-description = ¿Qué no funciona?
new-ticket-description-hint = Basta con una o dos frases. Los datos de este equipo se envían automáticamente.
new-ticket-urgency = ¿Qué urgencia tiene?
new-ticket-urgency-low = Puede esperar
new-ticket-urgency-normal = Me dificulta el trabajo
new-ticket-urgency-high = No puedo trabajar
new-ticket-phone = Número de teléfono por si hay preguntas (opcional)
new-ticket-not-you = ¿No es usted?
new-ticket-unverified-name = Su nombre
new-ticket-unverified-name-hint = { $provider } verá este nombre junto a su solicitud. Indique también un número de teléfono, por favor.
new-ticket-files = Archivos o capturas de pantalla (opcional)
new-ticket-files-hint =
    { $files ->
        [one] { $files } archivo de { $megabytes } MB como máximo.
       *[other] Hasta { $files } archivos de { $megabytes } MB cada uno.
    }
new-ticket-files-paste = También puede pegar una captura de pantalla en cualquier lugar de esta página.
new-ticket-facts = Lo que { $provider } llega a saber de este equipo
new-ticket-send = Enviar
new-ticket-other-window = Entretanto, este navegador se ha abierto para { $asset }. Compruebe el nombre de arriba y vuelva a enviar, por favor.

# What is wrong with the form
error-summary = Aún no se ha enviado. Corrija lo que está señalado abajo, por favor.
error-not-stored = Algo ha fallado por nuestra parte: no se ha guardado nada. Lo que escribió sigue aquí; vuelva a enviarlo dentro de un minuto, por favor. Si sigue ocurriendo, avise a { $provider }.
error-description-missing = Escriba qué no funciona, por favor.
error-too-long =
    { $limit ->
        [one] Este texto tiene más de { $limit } carácter. Acórtelo, por favor.
       *[other] Este texto tiene más de { NUMBER($limit) } caracteres. Acórtelo, por favor.
    }
error-files-too-many =
    { $limit ->
        [one] Hay más de { $limit } archivo.
       *[other] Hay más de { $limit } archivos.
    }
error-file-too-large = { $name } ocupa más de { $megabytes } MB.
error-files-hour =
    { $limit ->
        [one] Desde este equipo no se puede enviar más de { $limit } archivo por hora. Envíe sin archivos, o más tarde, por favor.
       *[other] Desde este equipo no se pueden enviar más de { $limit } archivos por hora. Envíe sin archivos, o más tarde, por favor.
    }
error-files-choose-again = Vuelva a elegir sus archivos, por favor: los navegadores no los conservan mientras se corrige un formulario.

# The computer's facts
fact-computer = Equipo
fact-serial = Número de serie
fact-model = Modelo
fact-os = Sistema
fact-processor = Procesador
fact-memory = Memoria
fact-memory-gigabytes = { NUMBER($gigabytes) } GB
fact-addresses = Direcciones de red
fact-user = Sesión iniciada como
fact-agent = Agente

# The receipt
receipt-title = El ticket { $number } se ha enviado
receipt-thanks = Gracias, { $person }. { $provider } ha recibido su solicitud y sabe que se trata de { $asset }.
receipt-thanks-unverified = Gracias. { $provider } ha recibido su solicitud y sabe que se trata de { $asset }.
receipt-unverified-name = Nombre indicado (sin comprobar)
receipt-files = Archivos
receipt-reply = Respuesta de { $provider }
receipt-file-size = { NUMBER($kilobytes) } KB
receipt-number = Su número de ticket
receipt-wrote = Lo que usted escribió
receipt-again = Enviar otra solicitud

# Pages that say why not
sorry-title = Esto todavía no es posible
sorry-whom-to-ask = Diríjase a { $provider }, por favor:
sorry-phone = Teléfono
sorry-email = Correo electrónico
refusal-no_end_user = El equipo { $asset } no está asignado a nadie, así que { $provider } no puede saber quién hace la solicitud.
refusal-not_a_portal_user = { $person } todavía no tiene acceso al portal.
refusal-deactivated = El acceso de { $person } al portal se ha desactivado.
refusal-not_permitted = La cuenta de { $person } no permite enviar solicitudes desde un equipo.
refusal-portal_not_published = El portal de { $provider } todavía no está abierto.
refusal-asset_retired = { $provider } ya no atiende el equipo { $asset }.
again-title = Vuelva a abrirlo desde el icono junto al reloj, por favor
again-text = Por su seguridad, esta página solo funciona durante poco tiempo después de un clic, y una sola vez. Haga clic en el icono junto al reloj y elija de nuevo el portal.
again-typed = Lo que escribió se conserva: estará en el formulario cuando lo abra de nuevo con este navegador. Aquí lo tiene también para copiarlo:
tray-only-title = Use el icono junto al reloj, por favor
tray-only-text = Puede contactar con { $provider } desde el icono junto al reloj de su equipo. Haga clic en él y elija el portal.
not-found-title = Aquí no hay nada
not-found-text = Puede que la dirección esté mal escrita o que lo que había aquí ya no exista.
failed-title = Algo ha fallado por nuestra parte
failed-text = Lo que hizo no se ha guardado. Vuelva a intentarlo dentro de un minuto, por favor. Si sigue ocurriendo, indique este número a { $provider }: { $request }
refused-form-title = Este formulario no se ha podido aceptar
refused-form-text = No procede de una página de este sitio. Vuelva a abrir el portal desde el icono junto al reloj, por favor.
too-large-title = Es demasiado de una vez
too-large-text = Lo que ha enviado es mayor de lo que admite este formulario. Vuelva atrás y acórtelo, por favor.
unknown-host = Esta dirección no corresponde a ningún portal de aquí.

# Signing in
sign-in-title = Iniciar sesión
sign-in-name = Nombre de usuario o dirección de correo electrónico
sign-in-password = Contraseña
sign-in-button = Iniciar sesión
sign-in-wrong = El nombre o la contraseña no son correctos.
sign-in-too-many = Ha habido demasiados intentos fallidos. Espere un cuarto de hora, por favor.
sign-in-other-ways = ¿No tiene la contraseña a mano?
sign-in-email = Su dirección de correo electrónico
sign-in-mail-link = Enviarme un enlace para iniciar sesión
sign-in-mail-reset = Enviarme un enlace para poner una contraseña nueva
sign-in-staff = ¿Trabaja en { $provider }?
sign-in-staff-link = Iniciar sesión en la consola
sign-out = Cerrar sesión
visitor-navigation = Portal
not-published-title = El portal todavía no está listo
not-published-text = { $provider } todavía no lo ha abierto. Puede contactar con nosotros desde el icono junto al reloj de su equipo.
link-mailed-title = Mire su correo
link-mailed-text = Si esta dirección es de alguien que puede iniciar sesión aquí, hay un mensaje con un enlace en camino. El enlace funciona una sola vez y durante poco tiempo.
link-over-title = Este enlace ya no funciona
link-over-text = Ya se ha usado, ha caducado o su acceso se ha desactivado. Pida otro, por favor.
link-which-account = ¿Qué cuenta?
link-account = Su nombre de usuario: { $name }
link-sign-in-title = Iniciar sesión
link-sign-in-text = Continuar al portal de { $provider }.
link-sign-in-button = Iniciar sesión
link-reset-title = Una contraseña nueva
link-reset-text = Ponga una contraseña nueva para el portal de { $provider }. Se cerrará su sesión en todos los demás lugares.
link-reset-button = Guardarla e iniciar sesión
invitation-title = Le damos la bienvenida
invitation-text = Ponga una contraseña para el portal de { $provider }.
invitation-button = Entrar
password-old = Contraseña actual
password-new = Contraseña nueva
password-hint =
    { $shortest ->
        [one] Al menos { $shortest } carácter; van bien unas cuantas palabras que pueda recordar.
       *[other] Al menos { $shortest } caracteres; van bien unas cuantas palabras que pueda recordar.
    }
password-refused =
    { $shortest ->
        [one] Esta contraseña no sirve: necesita al menos { $shortest } carácter, y no debe repetir un único carácter ni contener su dirección.
       *[other] Esta contraseña no sirve: necesita al menos { $shortest } caracteres, y no debe repetir un único carácter ni contener su dirección.
    }
password-old-wrong = La contraseña actual no es correcta.
password-change = Cambiar la contraseña

# Behind the sign-in
no-access-title = Su cuenta no tiene acceso a esto
no-access-text = Su cuenta no ve los tickets. Si debería verlos, diríjase a { $provider }, por favor.
home-title = Mis solicitudes
home-empty = Todavía no hay ninguna solicitud.
home-older = Anteriores
ticket-title = Ticket { $number }
ticket-status = Estado
ticket-status-new = Nuevo
ticket-status-open = En curso
ticket-status-waiting = A la espera de una respuesta
ticket-status-resolved = Resuelto
ticket-status-closed = Cerrado
ticket-since = Enviado
ticket-wrote = Lo que se escribió
account-title = Mi cuenta
sessions-title = Dónde tiene la sesión iniciada
session-this = este navegador
session-end = Cerrar
home-this-computer = Informar de un problema con este equipo, { $asset }
home-unseen = Lo que envíe llegará a { $provider }. Las solicitudes anteriores no se muestran aquí.
no-sending-title = Su cuenta no tiene acceso a esto
no-sending-text = Su cuenta no permite enviar solicitudes aquí. Si debería permitirlo, diríjase a { $provider }, por favor.
portal-ticket-description-hint = Basta con una o dos frases.
portal-ticket-computer = ¿Qué equipo?
portal-ticket-no-computer = Ninguno de los míos
portal-ticket-for-whom = ¿Para quién? (opcional)
portal-ticket-for-whom-hint = El nombre o la dirección de correo de alguien de su organización, si no es para usted.
portal-ticket-unverified-email = Su dirección de correo electrónico (opcional)
portal-ticket-who-sees-it = ¿Quién puede verla?
portal-ticket-confidential = Ocultarla al resto de mi organización
portal-ticket-people = Otras personas que pueden verla
portal-ticket-people-hint = Nombres o direcciones de correo de personas de su organización, una por línea.
portal-ticket-other-window = Entretanto, otra persona ha iniciado sesión en este navegador. Compruebe el nombre de arriba y vuelva a enviar, por favor.
error-email = Esto no es una dirección de correo electrónico.
error-name-missing = Escriba su nombre, por favor.
error-only-for-yourself = Solo puede enviar solicitudes propias.
error-nobody-called = En su organización nadie se llama { $name } ni tiene esa dirección.
error-several-called = Varias personas se llaman { $name }. Escriba la dirección de correo, por favor.
error-too-many-people =
    { $limit ->
        [one] Se puede añadir a { $limit } persona como máximo.
       *[other] Se puede añadir a { $limit } personas como máximo.
    }
error-not-their-computer = Este equipo no es de la persona para quien es la solicitud.
not-sent-title = Esto no se ha enviado
not-sent-text = Ya no está en el portal o no puede enviar desde aquí. Vuelva a entrar, por favor.
not-sent-typed = Lo que escribió, para copiarlo:

# The link of an organization, and the staff's view
switch-title = Cambiar a { $organization }
switch-text = Este navegador está en el portal como { $before }. Solo puede estar con una cuenta a la vez.
switch-button = Cambiar a { $organization }
switch-stay = Seguir como { $before }
staff-view = Vista del personal: esto es lo que ve { $organization }. Desde aquí no se puede enviar nada.
tray-form-only-title = Use el icono junto al reloj, por favor
tray-form-only-text = { $provider } recibe las solicitudes desde el icono junto al reloj de su equipo. Haga clic en él y elija el portal.

# Signing up
sign-up-title = Crear una cuenta
sign-up-text = Si ya ha pedido ayuda a { $provider }, puede crear una cuenta con la misma dirección de correo electrónico.
sign-up-button = Enviarme un enlace
sign-up-mailed-title = Mire su correo
sign-up-mailed-text = Si desde esta dirección ya se ha pedido ayuda a { $provider }, hay un mensaje con un enlace en camino. El enlace funciona una sola vez y durante poco tiempo.
stay-signed-in = Mantener la sesión iniciada 30 días en este equipo
session-stays = la sesión se mantiene
billing-title = Facturación
billing-empty = Aquí todavía no hay nada.
billing-kind-invoice = Factura
billing-kind-estimate = Presupuesto
billing-kind-statement = Estado de cuenta
billing-kind-credit = Nota de crédito
no-billing-title = Su cuenta no tiene acceso a esto
no-billing-text = Su cuenta no ve la facturación. Si debería verla, diríjase a { $provider }, por favor.

# In the mail that brings the MSP a ticket
mail-unverified-subject = de una persona sin verificar
mail-unverified-by-link = Alguien ha escrito por el enlace de la organización. Lo que escribió está solo en la consola.
mail-unverified-from-computer = Alguien ha escrito desde este equipo con un nombre que nadie ha comprobado. Lo que escribió está solo en la consola.

# What the link to the portal reads in mails
mail-online-profile = Perfil en línea
mail-online-profile-payment = Perfil en línea: actualizar los datos de pago

# Where the two mails about a payment lead while the MSP has set no address
payment-title = Sus datos de pago
payment-text = { $provider } aún no tiene una página para esto. Pregunte cómo puede cambiar su tarjeta o pagar.

# A day, and a moment
date = { $day }/{ $month }/{ $year }
moment = { $date }, { $time } UTC

language = Idioma
language-choose = Cambiar
no-portal-here = No hay ningún portal en esta dirección. Compruebe que esté bien escrita o pregunte a quien se la dio.
sample-subject = La impresora no imprime

error-too-many-names = Nadie en su organización se llama como varios de los nombres que ha escrito. Deje este campo vacío o inténtelo de nuevo dentro de un cuarto de hora.
link-too-many-title = Vuelva más tarde, por favor
link-too-many-text = Este enlace se acaba de abrir muchas veces. Inténtelo de nuevo dentro de un cuarto de hora. Si es urgente, llame a { $provider }.
error-sent-too-often = Esto no se ha enviado: acaban de llegar muchas solicitudes por este enlace. Lo que ha escrito sigue aquí; envíelo de nuevo dentro de un cuarto de hora. Si es urgente, llame a { $provider }.

# Artículos
articles-title = Artículos
articles-empty = Todavía no hay nada que leer.
articles-may-help = Esto puede ayudar enseguida:
# Words that are in any text, so that they say nothing of what it is about.
articles-common-words = ahora algo algún aquí así aunque ayuda bien cada como cómo con contra cual cuando del desde donde dos durante ella ellos entre era eres esa ese eso esta está están este esto estoy favor fue gracias hace hacer hasta hay hola las les los más mi mis mucho muy nada nos nosotros nuestro otra otro para pero poco por porque problema puede puedo que qué quien sea ser sin sobre solo son sus también tan tengo tiene todo todos una uno usted vez ya
article-changed = Modificado el { $day }
article-all = Todos los artículos
search-label = Búsqueda
search-button = Buscar
search-nothing = No se encontró nada para { $search }.
search-more = Más

# Solicitudes en el portal
ticket-history = Lo que ha pasado
ticket-colleague = Alguien de su organización
ticket-answer = Su respuesta
ticket-answer-reopens = Una respuesta vuelve a abrir esta solicitud.
ticket-close = Cerrar esta solicitud
ticket-reopen = Volver a abrirla
error-answer-missing = Escriba su respuesta.
ticket-status-unresolved = Sin terminar
ticket-status-done = Terminadas
home-search = Buscar en sus solicitudes
home-any-status = Cualquiera
home-whose = De quién
home-of-all = De todos
home-of-me = Mías
home-nothing = Ninguna solicitud es así.

# Equipos y datos
computers-title = Equipos
computers-search = Nombre o persona
computers-empty = No tiene ningún equipo asignado.
computers-report = Informar de un problema con { $asset }
details-name = Su nombre
details-phone = Su número de teléfono (opcional)
details-save = Guardar
error-phone = Esto no es un número de teléfono.
community-title = Comunidad

new-ticket-department = ¿Quién debe ocuparse?
mail-answer-above = Escriba su respuesta por encima de esta línea.
mail-unverified-by-mail = Alguien ha escrito por correo desde una dirección que nadie ha comprobado. Lo que escribió está solo en la consola.
mail-unverified-by-website = Alguien ha escrito en su sitio web. Lo que escribió está solo en la consola.

# Formularios del sitio web
embed-password-hint = Déjelo vacío para recibir por correo un enlace con el que iniciar sesión.
check-in-address = Dónde está (opcional)
check-in-street = Calle
check-in-city = Ciudad
check-in-state = Provincia o estado
check-in-zip = Código postal
check-in-country = País
check-in-leave-empty = Deje este campo vacío
check-in-look-over = Por favor, revise lo que ha escrito y envíelo.
check-in-too-many = No enviado: se ha enviado demasiado en poco tiempo. Lo que escribió sigue aquí; envíelo de nuevo dentro de un cuarto de hora o llame a { $provider }.
check-in-sent-text = Gracias. { $provider } tiene su solicitud. Guarde el número: con él y su dirección de correo puede preguntar por su estado.
check-in-off-title = Este formulario no está en uso
check-in-off-text = { $provider } no recibe solicitudes con él.
look-up-title = ¿Cómo va mi solicitud?
look-up-number = Número del ticket
look-up-button = Enviarme un enlace
look-up-mailed-title = Mire su buzón
look-up-mailed-text = Si una solicitud con este número se envió con esta dirección, hay un mensaje con un enlace en camino. El enlace muestra el estado de la solicitud; funciona una sola vez, durante una hora.
status-link-text = Vea cómo va su solicitud y qué ha respondido { $provider }. Este enlace funciona una sola vez.
status-link-button = Mostrar
