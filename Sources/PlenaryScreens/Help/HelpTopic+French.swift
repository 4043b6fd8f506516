// SPDX-License-Identifier: Apache-2.0

extension HelpTopic {
    /// French. Not yet reviewed by a native reader.
    var french: String {
        switch self {
        case .start:
            """
            Pour commencer
            Écrivez dans la ligne du bas et appuyez sur Enter. Quand « envoi… » disparaît, le \
            serveur a enregistré votre message.
            F2 ouvre le menu de tout ce que vous pouvez faire. Tapez un mot pour le réduire, \
            choisissez avec les flèches, puis Enter.
            F6 liste les canaux, F3 les fils, F4 les personnes présentes. La même touche, ou Esc, \
            ramène en arrière.
            F8 va au message non lu suivant : d’abord là où l’on vous cite, puis les fils, puis les \
            canaux.
            La ligne « nouveau depuis » montre où vous vous êtes arrêté. Elle reste en place \
            jusqu’à votre retour.
            Tab va au volet suivant. Dans les messages, les flèches en choisissent un et Enter y \
            répond dans son fil.
            ? dans une ligne vide affiche l’aide du volet où vous êtes. /help threads affiche \
            l’aide de ce nom.
            Ctrl+C deux fois, ou /quit, pour quitter. Ce qui n’a pas été envoyé est gardé et \
            partira la prochaine fois.
            """
        case .keys:
            """
            Touches
            Partout : F1 ou ? aide, F2 ou Ctrl+P menu, F3 fils, F4 personnes, F5 recherche, F6 \
            canaux.
            F7 passe du fil au canal, F8 va au non lu suivant, F9 ouvre un fil, F12 renvoie ce qui \
            n’est pas parti.
            Tab et Shift+Tab : volet suivant et précédent. Après @, #, / ou :, Tab complète le mot.
            Alt+Up et Alt+Down : canal précédent et suivant. PgUp et PgDn font défiler. Ctrl+Home : \
            premier non lu. Ctrl+End : le dernier.
            Ctrl+K dans une ligne vide : aller à un canal, un fil ou une personne par son nom.
            Écriture : Enter envoie, Alt+Enter ou Ctrl+J va à la ligne, Up dans une ligne vide \
            rappelle vos messages.
            Ctrl+_ annule la frappe. Ctrl+X Ctrl+E ouvre votre éditeur. Un texte collé n’est jamais \
            envoyé de lui-même.
            Messages : Enter répond, Espace marque lu jusqu’ici, Ctrl+Y copie, F2 montre toutes les \
            actions.
            Les lettres sont en plus : r répondre, y copier, o lien, p épingler, d supprimer, n non \
            lu suivant, / chercher.
            Les lettres comptent par leur place sur le clavier : elles marchent aussi sur les \
            claviers russe et arabe.
            Esc ferme, annule et ramène à la ligne. Ctrl+L redessine l’écran, Ctrl+Z suspend le \
            programme.
            """
        case .threads:
            """
            Fils
            Un fil est une discussion dans un canal, avec un titre et un numéro : practices/12 est \
            le fil 12 de practices.
            F3 liste les fils. Tapez pour réduire la liste, Enter ouvre un fil, F9 en ouvre un \
            nouveau.
            Pour répondre à un message, choisissez-le et appuyez sur Enter : la réponse va dans son \
            fil.
            Le lieu indiqué au-dessus de la ligne dit où va votre texte. F7 passe du fil au canal.
            /thread new TITLE, /thread title TEXT, /thread close et /thread reopen font de même. \
            /12 entre dans le fil 12.
            /follow vous signale chaque message du fil, /mute aucun, /unmute comme pour le canal.
            Un fil fermé reste lisible par tous ; seule la modération y écrit.
            Avec d’autres programmes, on voit le numéro devant le texte et on entre dans le fil \
            comme dans un canal : /join practices/12
            """
        case .search:
            """
            Recherche
            F5, ou /search suivi de mots, trouve les messages sur le serveur. Tous les mots doivent \
            s’y trouver.
            Les mots "entre guillemets" doivent se suivre dans cet ordre. L’astérisque remplace \
            toute fin : report*
            Accents, majuscules et voyelles arabes ne comptent pas. Le chinois se cherche par deux \
            caractères au moins.
            Les flèches choisissent un résultat, Enter y mène.
            Un document se trouve par sa cote : A/HRC/50/64
            On ne trouve que ce que vous pouvez lire : les canaux où vous êtes et vos propres \
            échanges.
            Ctrl+K trouve canaux, fils et personnes par leur nom. /goto 2026-11-23 va à un jour.
            Pour en faire plus, hors d’ici : plenary search --help
            """
        case .moderation:
            """
            Modération
            Appuyez sur F2 sur un message, une personne ou un fil : les actes de modération sont à \
            la fin du menu.
            /hide masque un message, ce qui peut s’annuler. /remove le supprime définitivement.
            /mute NAME 10m REASON prive de parole, /kick retire, /ban exclut. /unmute et /unban y \
            mettent fin.
            /slow 30s permet à chacun un message toutes les 30 secondes. /lock réserve l’écriture à \
            la modération.
            Chaque acte demande un motif. Les membres en voient le mot, la modération aussi votre \
            explication.
            Vous voyez d’avance ce qui va se passer. Pendant 20 secondes la plupart des actes \
            s’annulent ; la suppression, non.
            /modlog montre ce qui a été fait, par qui et pourquoi.
            Chacun peut signaler un message ou une personne à la modération : /report NAME text. \
            Personne d’autre ne le voit.
            """
        case .languages:
            """
            Langues
            Plenary parle arabe, chinois, anglais, français, russe et espagnol. /lang fr change \
            aussitôt, et F2 l’offre aussi.
            Pour la garder : plenary config set lang fr
            Les commandes ont un nom dans chaque langue : /help est aussi /aide, /ayuda, /помощь, \
            /帮助 et /مساعدة.
            Les signes ／ ＃ ＠ ？ des claviers chinois et ؟ des claviers arabes valent / # @ ?
            Les messages restent dans la langue où ils ont été écrits. /say ar text indique la \
            langue d’un message.
            Plenary lie et ordonne lui-même l’arabe de droite à gauche. S’il se lit mal, voyez \
            Texte de droite à gauche dans les réglages.
            Ctrl+Y copie un message tel qu’il a été écrit ; la souris copie l’ordre de l’écran.
            """
        case .offline:
            """
            Sans connexion
            Quand la connexion est perdue, Plenary réessaie de lui-même. Enter dans une ligne vide \
            réessaie tout de suite.
            Vous pouvez continuer d’écrire : le texte est gardé sur cette machine, en attente, puis \
            envoyé dans l’ordre.
            Rien n’est présenté comme envoyé avant que le serveur ne l’ait enregistré, et rien \
            n’arrive deux fois.
            « non envoyé » dit pourquoi le serveur a refusé. F12, ou /retry, l’envoie de nouveau.
            Ce qui attend depuis plus de 24 heures n’est envoyé qu’après vous l’avoir demandé.
            Au retour, les messages manqués sont chargés. Une ligne dit où il en manque ; Enter sur \
            elle les charge.
            Les textes inachevés et les messages non envoyés sont encore là au démarrage suivant.
            """
        case .plain:
            """
            Mode ligne simple
            Le mode ligne simple écrit une ligne après l’autre, pour lecteurs d’écran, tubes et \
            terminaux simples.
            On le choisit par /plain, par plenary chat --plain, ou pour toujours par : plenary \
            config set ui.plain true
            Le message vient d’abord et l’heure à la fin. Le curseur ne bouge pas, et la couleur \
            est inutile.
            /read 5 redit les cinq derniers messages, /next le non lu suivant, /where dit où vous \
            êtes.
            /reply répond au dernier message d’autrui, dans son fil. /12 text écrit dans le fil 12.
            Un signal sonne quand on vous cite ou vous écrit, et jamais sinon. Sans signal : \
            plenary config set ui.bell false
            Des nouvelles peuvent s’écrire pendant que vous tapez. La ligne en cours n’est pas \
            perdue.
            """
        case .commands:
            """
            Commandes
            Une commande commence par une barre oblique : /help. Pour envoyer un texte qui commence \
            ainsi, mettez-en deux : //text
            Un mot qui n’est pas une commande n’est jamais envoyé : on vous dit laquelle vous \
            vouliez peut-être.
            Les MAJUSCULES sont à remplacer. Ce qui est entre [crochets] peut être omis.
            Un message se désigne par son auteur (le dernier), NAME~2 (l’avant-dernier) ou ~1 (le \
            tout dernier).
            Un motif est un mot, et les vôtres peuvent suivre : off-topic personal-data \
            wrong-channel abusive spam safety other
            """
        }
    }
}
