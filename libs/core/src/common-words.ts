/**
 * Words that guessed passwords begin with: what people type, love or work on, in English, in Russian, in Russian
 * typed on an English keyboard and in Latin letters. Lower case, four letters or more.
 */
export const COMMON_WORDS: readonly string[] = `
password passwort passwd passphrase parola parol secret secrets private access account login logon signin
admin administrator root superuser master owner manager operator guest user username test testing tester demo
sample example default change changeme changeit temp temporary welcome hello letmein enter open opensesame sesame
mypassword yourpassword newpassword oldpassword thepassword adminpassword userpassword testpassword rootpassword
passwordadmin masterpassword secretpassword nopassword welcomehome welcomeback pass pass1word trustno
iloveyou loveyou lovely lover love forever always baby babygirl honey sweetheart sweetie princess prince queen king
angel angels heaven jesus christ god blessed faith believe hope dream dreams dreamer smile happy lucky sunshine
flower flowers butterfly rainbow summer winter spring autumn january february march april june july august september
october november december monday tuesday wednesday thursday friday saturday sunday morning midnight
football baseball basketball hockey soccer tennis golf golfer cricket rugby boxing liverpool chelsea arsenal
manchester barcelona realmadrid juventus spartak zenit lokomotiv yankees lakers cowboys steelers eagles packers
monkey dragon tiger lion eagle wolf bear panther falcon phoenix shark dolphin horse mustang kitty kitten puppy doggy
superman batman spiderman ironman pokemon pikachu naruto starwars matrix hunter ranger ninja samurai pirate warrior
killer shadow ghost phantom legend hero winner champion gamer gaming minecraft fortnite roblox counterstrike warcraft
computer laptop keyboard internet network server database system windows linux ubuntu android iphone samsung google
facebook instagram twitter youtube whatsapp telegram microsoft apple amazon oracle cisco docker github gitlab
ferrari porsche mercedes toyota honda yamaha suzuki nissan corvette camaro harley
coffee chocolate cookie cookies cheese banana orange cherry pepper ginger peanut pizza whiskey vodka
purple yellow green blue black white silver golden diamond crystal
michael jordan jennifer jessica charlie thomas daniel matthew robert andrew anthony joshua ashley amanda nicole
william george richard patrick alexander alexandra christian christopher elizabeth samantha victoria veronica
natasha tatiana svetlana anastasia ekaterina olga irina marina elena sergey andrey dmitry vladimir nikolay maxim
america england london paris berlin moscow moskva russia rossiya ukraine china canada brazil mexico
whatever nothing something anything everyone someone freedom liberty peace money business company office
qwerty qwertz azerty asdf zxcv qazwsx qwaszx zaqxsw
пароль админ администратор секрет привет здравствуй любовь любимая люблю солнышко солнце котик зайка малыш мама папа
россия москва спартак зенит наташа марина сергей андрей дмитрий владимир максим александр екатерина
победа надежда счастье дружба работа компания
privet lyubov lubov solnyshko solnce kotik zayka zaika malysh pobeda nadezhda schastie druzhba sekret kompaniya
gfhjkm ghbdtn k.,jdm vfrcbv fylhtq cthutq fktrcfylh yfnfif vfhbyf
`
  .split(/\s+/)
  .filter((word) => word !== '');
