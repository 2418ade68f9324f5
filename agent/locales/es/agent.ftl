# Spanish. Not yet reviewed by a speaker.

# The tray's menu

caption-offline = Sin conexión desde el { $time }
caption-refused = Este equipo no está conectado con el soporte
caption-being-set-up = Se está preparando el soporte para este equipo
caption-waiting-for-approval = El soporte aún tiene que aprobar este equipo
caption-call-support = Llamar al { $phone }
caption-write-to-support = Escribir a { $email }

# When a click or `deskbell-agent open` came to nothing. Each says what happened and what to do.

failure-no-such-entry = El menú ya no tiene esta entrada.
failure-server-unreachable = En este momento no se puede acceder al portal de soporte.
failure-refused = El portal de soporte ya no conoce este equipo.
failure-not-enrolled = Este equipo todavía no está conectado con el portal de soporte.
failure-retired = Este equipo ya no se atiende a través del portal de soporte.
failure-too-many = Se ha abierto demasiadas veces. Espere un minuto, por favor.
failure-clipboard = No se ha podido copiar el texto.
failure-browser = No se ha podido iniciar ningún navegador web.

support-phone-and-email = Puede contactar con el soporte en el { $phone } o en { $email }.
support-phone = Puede contactar con el soporte en el { $phone }.
support-email = Puede contactar con el soporte en { $email }.

# Why the portal shows a page in place of the form

refusal-no_end_user = Este equipo todavía no está asignado a nadie.
refusal-not_a_portal_user = La persona asignada a este equipo no tiene acceso al portal.
refusal-deactivated = El acceso al portal de la persona asignada a este equipo se ha desactivado.
refusal-not_permitted = Su cuenta no permite enviar solicitudes desde este equipo.
refusal-portal_not_published = El portal todavía no está abierto.
refusal-asset_retired = Este equipo ya no se atiende a través del portal.

# A moment

moment = { $day }/{ $month }/{ $year } { $time }
