// SPDX-License-Identifier: Apache-2.0

extension HelpTopic {
    /// Spanish. Not yet reviewed by a native reader.
    var spanish: String {
        switch self {
        case .start:
            """
            Primeros pasos
            Escriba en la línea inferior y pulse Enter. Cuando «enviando…» desaparece, el servidor \
            ha guardado su mensaje.
            F2 abre el menú con todo lo que puede hacer. Escriba una palabra para reducirlo, elija \
            con las flechas y pulse Enter.
            F6 muestra los canales, F3 los hilos, F4 las personas presentes. La misma tecla, o Esc, \
            lleva de vuelta.
            F8 va al siguiente mensaje sin leer: primero donde se le menciona, luego los hilos, \
            luego los canales.
            La línea «nuevo desde» indica dónde dejó de leer. No se mueve hasta que usted vuelve.
            Tab va al panel siguiente. En los mensajes, las flechas eligen uno y Enter lo responde \
            en su hilo.
            ? en una línea vacía muestra la ayuda del panel en que está. /help threads muestra la \
            ayuda de ese nombre.
            Ctrl+C dos veces, o /quit, para salir. Lo que no se envió se conserva y se envía la \
            próxima vez.
            """
        case .keys:
            """
            Teclas
            En todas partes: F1 o ? ayuda, F2 o Ctrl+P menú, F3 hilos, F4 personas, F5 búsqueda, F6 \
            canales.
            F7 cambia entre hilo y canal, F8 va a lo siguiente sin leer, F9 abre un hilo, F12 \
            reenvía lo no enviado.
            Tab y Shift+Tab: panel siguiente y anterior. Tras @, #, / o :, Tab completa la palabra.
            Alt+Up y Alt+Down: canal anterior y siguiente. PgUp y PgDn desplazan. Ctrl+Home: \
            primero sin leer. Ctrl+End: el último.
            Ctrl+K en una línea vacía: ir a un canal, un hilo o una persona por su nombre.
            Al escribir: Enter envía, Alt+Enter o Ctrl+J inicia otra línea, Up en una línea vacía \
            recupera sus mensajes.
            Ctrl+_ deshace lo escrito. Ctrl+X Ctrl+E abre su editor. El texto pegado nunca se envía \
            por sí solo.
            Mensajes: Enter responde, Espacio marca como leído hasta aquí, Ctrl+Y copia, F2 muestra \
            todas las acciones.
            Las letras son un extra: r responder, y copiar, o enlace, p fijar, d eliminar, n sin \
            leer, / buscar.
            Las letras cuentan por su lugar en el teclado; así funcionan también en los teclados \
            ruso y árabe.
            Esc cierra, cancela y vuelve a la línea. Ctrl+L vuelve a dibujar la pantalla, Ctrl+Z \
            suspende el programa.
            """
        case .threads:
            """
            Hilos
            Un hilo es una conversación dentro de un canal, con título y número: practices/12 es el \
            hilo 12 de practices.
            F3 muestra los hilos. Escriba para reducir la lista, Enter abre un hilo, F9 inicia uno \
            nuevo.
            Para responder a un mensaje, elíjalo y pulse Enter: la respuesta va a su hilo.
            El lugar indicado sobre la línea dice adónde va su texto. F7 cambia entre hilo y canal.
            /thread new TITLE, /thread title TEXT, /thread close y /thread reopen lo hacen por \
            escrito. /12 entra en el hilo 12.
            /follow le avisa de cada mensaje del hilo, /mute de ninguno, /unmute igual que en el \
            canal.
            Un hilo cerrado lo leen todos; solo la moderación escribe en él.
            Con otros programas se ve el número delante del texto y se entra en el hilo como en un \
            canal: /join practices/12
            """
        case .search:
            """
            Búsqueda
            F5, o /search y palabras, encuentra mensajes en el servidor. Deben aparecer todas las \
            palabras.
            Las palabras "entre comillas" deben seguir ese orden. El asterisco vale por cualquier \
            final: report*
            Los acentos, las mayúsculas y las vocales árabes no cuentan. El chino se busca por dos \
            caracteres o más.
            Las flechas eligen un resultado y Enter lleva a él.
            Un documento se encuentra por su signatura: A/HRC/50/64
            Solo se encuentra lo que usted puede leer: los canales en que está y sus propias \
            conversaciones.
            Ctrl+K encuentra canales, hilos y personas por su nombre. /goto 2026-11-23 va a un día.
            Hay más fuera de aquí: plenary search --help
            """
        case .moderation:
            """
            Moderación
            Pulse F2 sobre un mensaje, una persona o un hilo: lo que puede la moderación está al \
            final del menú.
            /hide oculta un mensaje y puede deshacerse. /remove lo elimina definitivamente.
            /mute NAME 10m REASON quita la palabra, /kick retira, /ban excluye. /unmute y /unban le \
            ponen fin.
            /slow 30s permite a cada persona un mensaje cada 30 segundos. /lock deja escribir solo \
            a la moderación.
            Cada acto pide un motivo. Los miembros ven la palabra; la moderación, también su \
            explicación.
            Usted ve de antemano lo que ocurrirá. Durante 20 segundos casi todo puede deshacerse; \
            eliminar, no.
            /modlog muestra qué se hizo, quién y por qué.
            Cualquiera puede avisar a la moderación de un mensaje o una persona: /report NAME text. \
            Nadie más lo ve.
            """
        case .languages:
            """
            Idiomas
            Plenary habla árabe, chino, inglés, francés, ruso y español. /lang fr cambia al \
            momento; también está en F2.
            Para conservarlo: plenary config set lang fr
            Las órdenes tienen nombre en cada idioma: /help es también /aide, /ayuda, /помощь, /帮助 \
            y /مساعدة.
            Los signos ／ ＃ ＠ ？ de los teclados chinos y ؟ de los árabes valen como / # @ ?
            Los mensajes quedan en el idioma en que se escribieron. /say ar text indica el idioma \
            de uno.
            Plenary une y ordena el árabe de derecha a izquierda. Si se lee mal, vea Texto de \
            derecha a izquierda en los ajustes.
            Ctrl+Y copia un mensaje tal como se escribió; el ratón copia el orden de la pantalla.
            """
        case .offline:
            """
            Sin conexión
            Cuando se pierde la conexión, Plenary lo intenta de nuevo por sí mismo. Enter en una \
            línea vacía lo intenta ya.
            Puede seguir escribiendo: el texto se guarda en este equipo, queda en espera y se envía \
            después en orden.
            Nada se muestra como enviado antes de que el servidor lo guarde, y nada llega dos veces.
            «no enviado» dice por qué lo rechazó el servidor. F12, o /retry, lo envía de nuevo.
            Lo que lleva más de 24 horas en espera solo se envía tras preguntarle.
            Al volver se cargan los mensajes perdidos. Una línea dice dónde faltan; Enter sobre \
            ella los carga.
            Los textos sin acabar y los mensajes sin enviar siguen ahí al volver a empezar.
            """
        case .plain:
            """
            Modo de líneas simple
            El modo de líneas simple escribe una línea tras otra, para lectores de pantalla, \
            tuberías y terminales sencillos.
            Se elige con /plain, con plenary chat --plain o, para siempre, con: plenary config set \
            ui.plain true
            El mensaje va primero y la hora al final. El cursor no se mueve y no hace falta color.
            /read 5 repite los cinco últimos mensajes, /next el siguiente sin leer, /where dice \
            dónde está.
            /reply responde al último mensaje de otra persona, en su hilo. /12 text escribe en el \
            hilo 12.
            El aviso suena cuando se le menciona o se le escribe, y nunca más. Sin aviso: plenary \
            config set ui.bell false
            Puede aparecer algo nuevo mientras escribe. La línea que está escribiendo no se pierde.
            """
        case .commands:
            """
            Órdenes
            Una orden empieza por una barra: /help. Para enviar un texto que empieza por una barra, \
            escriba dos: //text
            Una palabra que no es una orden nunca se envía: se le dice cuál quiso quizá escribir.
            Las MAYÚSCULAS se sustituyen. Lo que está entre [corchetes] puede omitirse.
            Un mensaje es el nombre de su autor (el último), NAME~2 (el anterior) o ~1 (el último \
            de todos).
            Un motivo es una palabra, y pueden seguir las suyas: off-topic personal-data \
            wrong-channel abusive spam safety other
            """
        }
    }
}
